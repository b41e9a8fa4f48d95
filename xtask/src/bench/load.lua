-- What wrk sends: method, body, then names and values of headers, as arguments after `--`. "{turn}" in path or body
-- becomes nine digits that no other request of the run carries. What it saw is printed as one line of name=value pairs.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  wrk.method = args[1]
  local body = args[2]
  for index = 3, #args, 2 do
    wrk.headers[args[index]] = args[index + 1]
  end
  if body ~= "" then wrk.body = body end
  local path = wrk.path
  if body:find("{turn}", 1, true) or path:find("{turn}", 1, true) then
    local turn = 0
    -- A global named `request` makes wrk ask for each request anew, which costs it time; others are sent as they are.
    function request()
      turn = turn + 1
      local digits = string.format("%d%08d", number, turn)
      return wrk.format(nil, (path:gsub("{turn}", digits)), nil, (body:gsub("{turn}", digits)))
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    "\nload requests=%d micros=%d p50=%d p99=%d status=%d socket=%d",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
