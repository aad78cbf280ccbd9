-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- Keys that hold leases, some of them. ARGV[1]: where to go on, `0` at first. Answers where to go
-- on, `0` at the end, then the keys. A key may come twice.
local answer = redis.call('SCAN', ARGV[1], 'MATCH', 'uplion:leases:*', 'COUNT', 1000)
table.insert(answer[2], 1, answer[1])
return answer[2]
