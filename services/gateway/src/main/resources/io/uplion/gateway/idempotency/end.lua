-- SPDX-License-Identifier: Apache-2.0
-- Copyright the UPLION authors
--
-- An execution has ended, unless another has taken its place. ARGV: the print, the token, the
-- outcome, whether it is kept or only told, and for how long.
if not state or state == RUNNING and token == ARGV[2] then
    put({'state', ARGV[4], 'print', ARGV[1], 'token', ARGV[2], 'outcome', ARGV[3]}, ARGV[5])
end
return {}
