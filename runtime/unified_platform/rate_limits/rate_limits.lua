-- Counting requests in Redis: unified_runtime/rate_limits/request_counters.py, step by step, and atomic. A test holds the two together.
--
-- KEYS: one for each window, under which it keeps
--   :c  hash   requests, by the time they are counted at
--   :s  hash   limits that the vendor reported, and the tag of the last request that was served
--   :r  zset   waiters under way, by when they are given up for lost
--   :w  zset   waiters that wait, by tag
--   :x  zset   the same, by when their place is lost
--   :a  hash   the last tag of each agent
-- ARGV: action, its arguments as JSON, and the time in seconds (tests), else the server's.

local action, arguments = ARGV[1], cjson.decode(ARGV[2])
local now
if ARGV[3] then
  now = tonumber(ARGV[3])
else
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end

local SLICES, POLL, NAP, GRACE, PROBE, SILENT, TOLERANCE, REST, IDLE = 100, 0.05, 2, 3, 10, 3600, 1.5, 0.01, 90000
local waiter, agent = arguments.waiter, arguments.agent

local function text(number) return string.format('%.17g', number) end

-- Values of other programs must not stop requests: a value that is not a count is ignored.
local MOST = 1e15
local function number(text)
  local found = tonumber(text)
  return found and found >= -MOST and found <= MOST and found or nil
end

local FIELDS = {limit = 1, left = 1, reset = 1, period = 1, span = 1, silent = 1, probe = 1, virtual = 1, dearest = 1, ['until'] = 1}
local function load(key)
  local state = {key = key}
  local held = redis.call('HGETALL', key .. ':s')
  for at = 1, #held, 2 do
    if FIELDS[held[at]] then state[held[at]] = number(held[at + 1]) end
  end
  if not state.reset then state.left = nil end
  return state
end

local function set(state, name, value)
  state[name] = value
  if value == nil then redis.call('HDEL', state.key .. ':s', name) else redis.call('HSET', state.key .. ':s', name, text(value)) end
end

local function touch(state)
  for _, part in ipairs({':c', ':s', ':r', ':w', ':x', ':a'}) do redis.call('EXPIRE', state.key .. part, IDLE) end
end

local function rest(state)
  if redis.call('ZCARD', state.key .. ':w') == 0 then
    redis.call('DEL', state.key .. ':a')
    set(state, 'virtual', nil)
    set(state, 'dearest', nil)
  end
end

local function drop(state, gone, cost)
  if redis.call('ZREM', state.key .. ':w', gone) == 1 then
    redis.call('ZREM', state.key .. ':x', gone)
    local of = string.match(gone, '^[^:]*:(.*)$')
    if redis.call('HEXISTS', state.key .. ':a', of) == 1 then redis.call('HINCRBYFLOAT', state.key .. ':a', of, -cost) end
    rest(state)
  end
end

local function refresh(window, state)
  local period = state.period or window.seconds
  state.used, state.slices = 0, {}
  local counted = redis.call('HGETALL', state.key .. ':c')
  for at = 1, #counted, 2 do
    local time, count = number(counted[at]), number(counted[at + 1])
    if not time or not count or time + period <= now or time > now + 2 * period then
      redis.call('HDEL', state.key .. ':c', counted[at])
    else
      state.used = state.used + count
      table.insert(state.slices, {time, count})
    end
  end
  table.sort(state.slices, function(a, b) return a[1] < b[1] end)
  if state.left and state.reset <= now then
    if state.limit and (state.span or 0) > 0 and period == 0 then
      set(state, 'left', state.limit)
      set(state, 'reset', now + state.span)
    else
      set(state, 'left', nil)
      set(state, 'reset', nil)
    end
  end
  redis.call('ZREMRANGEBYSCORE', state.key .. ':r', '-inf', text(now))
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', state.key .. ':x', '-inf', text(now))) do drop(state, gone, window.cost) end
end

local function tagged(window, state)
  return math.max(state.virtual or 0, tonumber(redis.call('HGET', state.key .. ':a', agent) or 0)) + window.cost
end

local function ahead(window, state)
  local waiting = state.key .. ':w'
  local rank = redis.call('ZRANK', waiting, waiter)
  local dearest = state.dearest or 1
  if rank then return rank * dearest end
  if redis.call('ZCARD', waiting) == 0 then return 0 end
  -- Put in for an instant: ties are broken by the waiter's name, as they will be.
  redis.call('ZADD', waiting, text(tagged(window, state)), waiter)
  rank = redis.call('ZRANK', waiting, waiter)
  redis.call('ZREM', waiting, waiter)
  return rank * dearest
end

local function freed(state, need, amount, period)
  local missing = state.used + math.min(need, amount) - amount
  for _, slice in ipairs(state.slices) do
    missing = missing - slice[2]
    if missing <= 0 then return math.max(slice[1] + period - now, POLL / 10) end
  end
  return period
end

local function waits(window, state)
  refresh(window, state)
  if (state['until'] or 0) > now then return state['until'] - now end
  local amount, period = state.limit or window.amount, state.period or window.seconds
  if amount == 0 or period == 0 then amount = nil end
  local need = ahead(window, state) + (amount and math.min(window.cost, amount) or window.cost)
  local wait = 0
  if amount and state.used + need > amount then wait = freed(state, need, amount, period) end
  if state.left and state.left < need then wait = math.max(wait, state.reset - now) end
  if window.concurrent > 0 and redis.call('ZCARD', state.key .. ':r') + need > window.concurrent then wait = math.max(wait, POLL) end
  if window.reported and not amount and not state.left and (state.silent or 0) <= now and (state.probe or 0) > now then
    wait = math.max(wait, POLL)
  end
  return wait
end

local function take(window, state)
  local period = state.period or window.seconds
  if period > 0 then
    local width = period / SLICES
    redis.call('HINCRBY', state.key .. ':c', string.format('%.6f', (math.floor(now / width) + 2) * width), window.cost)
  end
  if state.left then set(state, 'left', math.max(0, state.left - window.cost)) end
  if window.concurrent > 0 or window.reported then redis.call('ZADD', state.key .. ':r', text(now + arguments.lease), waiter) end
  if window.reported and not state.limit and not state.left and (state.silent or 0) <= now then set(state, 'probe', now + PROBE) end
  local waiting = state.key .. ':w'
  if redis.call('ZCARD', waiting) > 0 then
    local tag = tonumber(redis.call('ZSCORE', waiting, waiter) or 0)
    if tag > 0 then
      redis.call('ZREM', waiting, waiter)
      redis.call('ZREM', state.key .. ':x', waiter)
    else
      tag = tagged(window, state)
      redis.call('HSET', state.key .. ':a', agent, text(tag))
    end
    set(state, 'virtual', math.max(state.virtual or 0, tag))
    rest(state)
  end
  touch(state)
end

local function enter()
  local states, found, longest = {}, {}, 0
  for at, window in ipairs(arguments.windows) do
    states[at] = load(KEYS[at])
    found[at] = waits(window, states[at])
    longest = math.max(longest, found[at])
  end
  for at, window in ipairs(arguments.windows) do
    local state = states[at]
    if longest <= 0 then
      take(window, state)
    else
      local enrolled = redis.call('ZSCORE', state.key .. ':w', waiter)
      if not enrolled and found[at] > 0 then
        local tag = text(tagged(window, state))
        redis.call('ZADD', state.key .. ':w', tag, waiter)
        redis.call('HSET', state.key .. ':a', agent, tag)
        set(state, 'dearest', math.max(state.dearest or 1, window.cost))
        enrolled = tag
      end
      if enrolled then
        redis.call('ZADD', state.key .. ':x', text(now + math.min(longest, NAP) + GRACE), waiter)
        touch(state)
      end
    end
  end
  return text(longest)
end

local function learn(state, limits)
  if limits.limit then set(state, 'limit', limits.limit) end
  if limits.period and limits.period ~= state.period then
    set(state, 'period', limits.period)
    redis.call('DEL', state.key .. ':c')
  end
  if not limits.left then return end
  local reset = limits.reset or REST * (state.period or 0)
  if reset <= 0 then return end
  if not state.left or now >= state.reset or now + reset > state.reset + TOLERANCE then
    set(state, 'left', math.max(0, limits.left - redis.call('ZCARD', state.key .. ':r')))
  else
    set(state, 'left', math.min(state.left, limits.left))
  end
  set(state, 'reset', now + reset)
  set(state, 'span', math.max(state.span or 0, reset))
end

-- KEYS: the windows, then the scope of the response and the widest window.
local function ended()
  for at = 1, #KEYS - 1 do redis.call('ZREM', KEYS[at] .. ':r', waiter) end
  local state, limits = load(KEYS[#KEYS - 1]), arguments.limits
  if arguments.reported then
    set(state, 'probe', nil)
    if limits and (limits.limit or limits.left) then
      learn(state, limits)
    elseif not limits and not state.left and not state.limit then
      set(state, 'silent', now + SILENT)
    end
  end
  if limits and limits.wait then
    local refused = limits.wide and load(KEYS[#KEYS]) or state
    set(refused, 'until', math.max(refused['until'] or 0, now + limits.wait))
    touch(refused)
  end
  touch(state)
end

local function leave()
  for at, cost in ipairs(arguments.costs) do
    local state = load(KEYS[at])
    redis.call('ZREM', state.key .. ':r', waiter)
    drop(state, waiter, cost)
  end
end

-- What was counted elsewhere while this server was away: by key, how long ago and how many.
local function restore()
  for at, counted in ipairs(arguments.counted) do
    local age, count, period = counted[1], counted[2], counted[3]
    if age < period then
      local width = period / SLICES
      local time = string.format('%.6f', (math.floor((now - age) / width) + 1) * width)
      redis.call('HINCRBY', KEYS[at] .. ':c', time, count)
      redis.call('EXPIRE', KEYS[at] .. ':c', IDLE)
    end
  end
end

if action == 'enter' then return enter() end
if action == 'ended' then return ended() end
if action == 'leave' then return leave() end
return restore()
