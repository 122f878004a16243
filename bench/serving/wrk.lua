-- Sends one request after another on each connection, and at the end prints what came back as one line of JSON, times in
-- microseconds. Arguments: the method; the milliseconds that a connection waits before each request; files with bodies,
-- which take turns.

local threads = {}
statuses = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local method, pause = args[1], tonumber(args[2])
  local bodies = {}
  for at = 3, #args do
    local file = assert(io.open(args[at], "rb"))
    bodies[#bodies + 1] = file:read("*a")
    file:close()
  end
  wrk.method = method
  wrk.body = bodies[1]
  if wrk.body then wrk.headers["Content-Type"] = "application/json" end
  -- What isn't needed isn't defined: wrk calls what there is for each request.
  if pause > 0 then delay = function() return pause end end
  if #bodies > 1 then takeTurns(bodies) end
end

function takeTurns(bodies)
  local requests = {}
  for at, body in ipairs(bodies) do requests[at] = wrk.format(nil, nil, nil, body) end
  local turn = 0
  request = function()
    turn = turn % #requests + 1
    return requests[turn]
  end
end

function response(status)
  local name = tostring(status)
  statuses[name] = (statuses[name] or 0) + 1
end

function done(summary, latency)
  local counts = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do
      counts[#counts + 1] = string.format('"%s":%d', status, count)
    end
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"duration":%d,"requests":%d,"p50":%d,"p99":%d,"max":%d,"statuses":{%s},"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
    summary.duration, summary.requests, latency:percentile(50), latency:percentile(99), latency.max,
    table.concat(counts, ","), errors.connect, errors.read, errors.write, errors.timeout))
end
