-- SPDX-License-Identifier: GPL-2.0
-- Adds the name of each report, the verdict, and for a drill the label of its hit. Drops
-- all other lines. See docs/rules.md.

-- The last hit of each boot: its label, and its time in microseconds.
local hits = {}

-- The parser has stored the report in a field with the name of the rule. All fields of the
-- journal have capital letters.
local function name_of(record)
  for field in pairs(record) do
    if field:match("^[a-z_]+$") then
      return field
    end
  end
end

function judge(tag, timestamp, record)
  local name = name_of(record)
  local time = tonumber(record._SOURCE_MONOTONIC_TIMESTAMP)
  local hit = hits[record._BOOT_ID]

  if not name then
    return -1, timestamp, record
  end
  record[name] = nil
  record.name = name
  record.label = ""
  if name == "bang" then
    record.verdict = "fired"
    record.label = record.MESSAGE:match('label "([^"]*)"$')
    hits[record._BOOT_ID] = { label = record.label, time = time }
  elseif hit and time >= hit.time and time - hit.time <= 60000000 then
    record.verdict = "drill"
    record.label = hit.label
  else
    record.verdict = "incident"
  end
  return 2, timestamp, record
end
