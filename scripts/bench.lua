-- wrk: sends prepared requests, each once, and counts answers that are not 201.
-- Each thread reads its own file: a length in eight digits, then the whole request, again and again.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init(args)
  folder = args[1]
  prepared = assert(io.open(folder .. "/requests-" .. number, "rb"))
  sent, wrong, ran_out = 0, 0, 0
end

function request()
  local length = prepared:read(8)
  if not length then
    ran_out = 1
    assert(io.open(folder .. "/ran-out-" .. number, "w")):close()
    wrk.thread:stop()
    return "GET /healthz HTTP/1.1\r\nHost: khi\r\n\r\n"
  end
  sent = sent + 1
  return prepared:read(tonumber(length))
end

function response(status)
  if status ~= 201 then wrong = wrong + 1 end
end

function done(summary, latency)
  local wrong, ran_out = 0, 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrong")
    ran_out = ran_out + thread:get("ran_out")
  end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format('RESULT {"answers": %d, "seconds": %f, "wrong": %d, "broken": %d, "ran_out": %d, "p50_ms": %f, "p99_ms": %f}',
    summary.requests, summary.duration / 1e6, wrong, broken, ran_out, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
