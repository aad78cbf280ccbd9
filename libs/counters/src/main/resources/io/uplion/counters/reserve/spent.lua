-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- What billing tells: first takes away what tasks held or owed, then sets what is spent.
-- KEYS, after those: whether each task is over. ARGV, after that: whether counters are opened; the
-- tasks; then of each counter its name, what is spent, and the ledger's version.
local tasks = #KEYS - 2
pass()
for i = 1, tasks do
    local task = ARGV[2 + i]
    local entry = entry_of(task)
    local text = ''
    if entry then
        free(task, entry)
        if entry[STATE] ~= OWED then -- it has yet to be settled: its tokens are to be corrected
            text = entry[CHARGED] .. '\n' .. entry[AT] .. '\n'
        end
    end
    if redis.call('EXISTS', KEYS[2 + i]) == 0 then
        over(KEYS[2 + i], text)
    end
end
for i = 3 + tasks, #ARGV, 3 do
    local field, nanos, version = 's:' .. ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local spent = redis.call('HGET', KEYS[1], field)
    local newer = spent and tonumber(version) > tonumber(lines(spent)[2])
    if newer or not spent and ARGV[2] == 'open' then
        redis.call('HSET', KEYS[1], field, nanos .. '\n' .. version .. '\n')
    end
end
keep(MONTHS)
return {}
