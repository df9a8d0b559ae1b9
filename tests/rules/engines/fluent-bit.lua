-- SPDX-License-Identifier: GPL-2.0
--
-- fluent-bit.lua SCRIPT <RECORDS: call judge() of SCRIPT for each record of fluent-bit.rb,
-- and print the alerts.
dofile(arg[1])
for line in io.lines() do
  local code, _, record = judge("kernel", 0, loadstring("return " .. line)())

  if code == 2 then
    print(table.concat({ record.verdict, record.name, record.label, record.MESSAGE }, "\t"))
  end
end
