-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Frees what a task holds, notes what it owes, and counts the tokens it has used in place of those
-- it asked for.
-- KEYS, after those: whether the task is over; of each subject its tokens. ARGV, after that: the
-- task, the tokens it used, the billionths it owes; of each subject its name, its tokens a minute,
-- or 0, and the period of its budget, or nothing.
local task, used, nanos = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local known = redis.call('GET', KEYS[3])
if known == '' then
    return {}
end
pass()
local held = entry_of(task)
if held and held[STATE] == OWED then
    return {}
end
local charged, at = 0, now
local owed = {OWED, '0', number(now), nanos, '0'}
local subjects = #KEYS - 3
for i = 1, subjects do
    owed[SUBJECTS + 2 * i - 2], owed[SUBJECTS + 2 * i - 1] = ARGV[3 * i + 2], ARGV[3 * i + 4]
end
local owes = not known and nanos ~= '0' and has_budget(owed)
if known then -- billed already: only its tokens are left to correct
    local left = lines(known)
    charged, at = tonumber(left[1]), tonumber(left[2])
elseif held then
    charged, at = tonumber(held[CHARGED]), tonumber(held[AT])
    free(task, held)
elseif not is_open(owed) then
    owes = false -- the store was lost: what it owes is in what will be opened
end
for i = 1, subjects do
    local rate = tonumber(ARGV[3 * i + 3])
    if rate > 0 then
        local units, since = drained(KEYS[3 + i], rate)
        -- After the bucket was empty once, nothing in it is of this task.
        if used > charged or since <= at then
            fill(KEYS[3 + i], rate, units + (used - charged) * TOKEN, since)
        end
    end
end
if owes then
    money(owed, '', nanos)
    put(task, owed)
    keep(MONTHS)
else
    over(KEYS[3], '')
end
return {}
