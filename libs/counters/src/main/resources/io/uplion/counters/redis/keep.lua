-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Keeps values where there are no newer ones. KEYS: the values. ARGV: for how many milliseconds;
-- then of each value its rank, its time in milliseconds, and its text, in turns.
-- A value is held as its rank, its time, and its text.
for i, key in ipairs(KEYS) do
    local rank, at, text = ARGV[3 * i - 1], ARGV[3 * i], ARGV[3 * i + 1]
    local before = redis.call('GET', key)
    local newer = false
    if before then
        local heldRank, heldAt = string.match(before, '^(%d+) (%d+) ')
        heldRank, heldAt = tonumber(heldRank), tonumber(heldAt)
        newer = heldRank > tonumber(rank) or (heldRank == tonumber(rank) and heldAt > tonumber(at))
    end
    if not newer then
        redis.call('SET', key, rank .. ' ' .. at .. ' ' .. text, 'PX', ARGV[1])
    end
end
return {}
