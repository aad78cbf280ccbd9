-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Gives a lease back. KEYS: the lease. ARGV: whose it is.
if redis.call('GET', KEYS[1]) == ARGV[1] then
    redis.call('DEL', KEYS[1])
end
return {}
