-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Lets one request in where all buckets have room, and counts it in all of them; see Level.
-- KEYS: the buckets. ARGV: of each its limit a minute and its burst, in turns. A bucket holds its
-- units and the microsecond they were true at; it goes when it is empty.
-- Answers which bucket refuses, counted from 1, or 0; for how many microseconds; then of each
-- bucket what remains, and in how many microseconds all of it is there again.
local REQUEST = 60000000
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local held = redis.call('MGET', unpack(KEYS))
local units, answer, back = {}, {0, 0}, {}
for i = 1, #KEYS do
    local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    units[i] = 0
    if held[i] then
        local space = string.find(held[i], ' ', 1, true)
        local elapsed = now - tonumber(string.sub(held[i], space + 1))
        if elapsed < 0 then -- the clock went back: from here on it counts again
            elapsed, back[i] = 0, true
        end
        units[i] = tonumber(string.sub(held[i], 1, space - 1)) - elapsed * rate
        if units[i] < 0 then
            units[i] = 0
        end
    end
    local over = units[i] - (burst - 1) * REQUEST
    local wait = math.ceil(over / rate)
    if over > 0 and wait > answer[2] then
        answer[1], answer[2] = i, wait
    end
end
for i = 1, #KEYS do
    local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    if answer[1] == 0 then
        units[i] = units[i] + REQUEST
    end
    if answer[1] == 0 or back[i] then
        local text = string.format('%.0f %.0f', units[i], now)
        redis.call('SET', KEYS[i], text, 'PX', math.ceil(units[i] / rate / 1000))
    end
    local room = burst * REQUEST - units[i]
    answer[2 * i + 1] = room > 0 and math.floor(room / REQUEST) or 0
    answer[2 * i + 2] = math.ceil(units[i] / rate)
end
return answer
