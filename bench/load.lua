-- Asks with one cookie after the other of the file that is named, and says what it saw as one line of JSON.
local head, tail, cookies, at

function init(args)
  cookies = {}
  for line in io.lines(args[1]) do cookies[#cookies + 1] = line end
  head = "GET " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port .. "\r\nCookie: "
  tail = "\r\n\r\n"
  at = 0
end

function request()
  at = at % #cookies + 1
  return head .. cookies[at] .. tail
end

function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('{"rate":%.1f,"p50":%.3f,"p99":%.3f,"failed":%d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failed))
end
