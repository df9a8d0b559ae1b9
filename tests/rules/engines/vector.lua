-- SPDX-License-Identifier: GPL-2.0
--
-- vector.lua SOURCE <EVENTS: call process() of SOURCE for each event, and print the alerts.
-- An event has the fields "NAME MICROSECONDS TEXT", separated by tabs.
dofile(arg[1])
for line in io.lines() do
  local name, time, text = line:match("^(%S+)\t(%d+)\t(.*)$")
  local event = { log = {
    name = name, message = text, _BOOT_ID = "1", _SOURCE_MONOTONIC_TIMESTAMP = time,
  } }

  process(event, function(alert)
    local log = alert.log
    print(table.concat({ log.verdict, log.name, log.label, log.message }, "\t"))
  end)
end
