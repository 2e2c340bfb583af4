-- Promise: tells each message on its channel, in the order given.
-- ARGV pairs: channel, message
-- Answer: how many connections were told, in all
local told = 0
for index = 1, #ARGV, 2 do told = told + redis.call("PUBLISH", ARGV[index], ARGV[index + 1]) end
return told
