-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Takes a lease that is free, or renews one's own. KEYS: the lease. ARGV: who wants it, and for how
-- many milliseconds. Answers with the owner, or with nothing where it is another.
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then
    return {}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {ARGV[1]}
