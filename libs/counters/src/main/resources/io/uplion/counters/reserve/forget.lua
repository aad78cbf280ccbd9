-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Counts no more. ARGV, after that: the counter.
redis.call('HDEL', KEYS[1], 's:' .. ARGV[2])
return {}
