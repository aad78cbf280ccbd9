-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Frees what overdue tasks hold. KEYS, after those: whether each task is over. ARGV, after that:
-- the tasks.
pass()
for i = 1, #KEYS - 2 do
    local task = ARGV[1 + i]
    local entry = entry_of(task)
    local seen = entry and tonumber(entry[SEEN]) or 0
    if entry and entry[STATE] == LAPSED and seen > 0 and seen + lease / 3 <= now then
        free(task, entry)
        over(KEYS[2 + i], '')
    end
end
return {}
