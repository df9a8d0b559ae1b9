# SPDX-License-Identifier: GPL-2.0
#
# fluent-bit.rb DIRECTORY <LOG: apply the parsers of Fluent Bit's filter in their order.
# Fluent Bit and Ruby have the same engine. Prints the lines that match, as a table of Lua:
# the fields of the journal, and the captures of the first parser that matches.
directory = ARGV[0]
parsers = {}
name = nil
File.foreach("#{directory}/fluent-bit-parsers.conf") do |line|
  name = $1 if line =~ /^\s*Name\s+(\S+)$/
  parsers[name] = Regexp.new($1) if line =~ /^\s*Regex\s+(.*)$/
end
order = File.readlines("#{directory}/fluent-bit.conf").map { |line| line[/^\s*Parser\s+(\S+)$/, 1] }.compact

$stdin.each_line(chomp: true) do |line|
  line =~ /^<(\d+)>\[ *(\d+)\.(\d{6})\] (.*)$/ or abort "not a log: #{line}"
  facility, time, text = $1.to_i / 8, $2 + $3, $4
  # Systemd_Filter
  next unless facility == 0
  fields = { "MESSAGE" => text, "_BOOT_ID" => "1", "_SOURCE_MONOTONIC_TIMESTAMP" => time }
  order.each do |parser|
    next unless (match = parsers.fetch(parser).match(text))
    match.named_captures.each { |key, value| fields[key] = value }
    break
  end
  puts "{ " + fields.map { |key, value| "#{key} = #{value.inspect.gsub('\#', '#')}" }.join(", ") + " }"
end
