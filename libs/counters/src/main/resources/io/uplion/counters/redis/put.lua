-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Sets fields of a table. KEYS: the table. ARGV: for how many milliseconds, then field and value
-- in turns. A field holds the millisecond at which it ends, a space, and its value.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = tonumber(ARGV[1])
local ends = string.format('%.0f ', now + ttl)
for i = 2, #ARGV, 2 do
    redis.call('HSET', KEYS[1], ARGV[i], ends .. ARGV[i + 1])
end
-- The table goes with its last field; a field that ends sooner is dropped by whoever looks.
if redis.call('PTTL', KEYS[1]) < ttl then
    redis.call('PEXPIRE', KEYS[1], ttl)
end
return {}
