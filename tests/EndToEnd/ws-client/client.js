'use strict'
// A screen on the ws library. Lines in: subscribe CHANNEL SYMBOL [DEPTH] [conflate], show KEY, raw TEXT, pause, resume, quit. Lines out: READY,
// ANSWER json, SHOW key messages snapshots text, HEARTBEAT, CLOSED, ERROR text. tests/EndToEnd/README.md has more.

const readline = require('node:readline')
const WebSocket = require('ws')
const { make } = require('./book')

const say = line => process.stdout.write(line + '\n')
const feeds = new Map()
const keyOf = m => [m.channel, m.symbol, ...(m.channel === 'book' ? [m.depth] : []), ...(m.conflate ? ['conflate'] : [])].join(' ')

const socket = new WebSocket(process.argv[2])
socket.on('open', () => say('READY'))
socket.on('close', () => say('CLOSED'))
socket.on('error', error => say(`ERROR ${error.message}`))
socket.on('message', data => {
  const message = JSON.parse(data)
  if (message.success !== undefined) return say(`ANSWER ${data}`)
  if (message.channel === 'heartbeat') return say('HEARTBEAT')
  try {
    const key = keyOf(message)
    if (!feeds.has(key)) feeds.set(key, make(message.channel))
    feeds.get(key).take(message)
  } catch (error) {
    say(`ERROR ${error.message}`)
  }
})

readline.createInterface({ input: process.stdin }).on('line', line => {
  const [verb, ...words] = line.split(' ')
  if (verb === 'quit') process.exit(0)
  else if (verb === 'raw') socket.send(line.slice('raw '.length))
  else if (verb === 'pause') socket._socket.pause()
  else if (verb === 'resume') socket._socket.resume()
  else if (verb === 'show') {
    const feed = feeds.get(words.join(' '))
    say(feed ? `SHOW ${words.join(' ')} | ${feed.messages} | ${feed.snapshots} | ${feed.seq} | ${feed.text()}` : `ERROR nothing of ${words.join(' ')}`)
  } else if (verb === 'subscribe' || verb === 'unsubscribe') {
    const [channel, symbol, ...more] = words
    const params = { channel, symbol: [symbol] }
    if (more.length && more[0] !== 'conflate') params.depth = Number(more.shift())
    if (more[0] === 'conflate') params.conflate = true
    socket.send(JSON.stringify({ method: verb, params, req_id: 1 }))
  } else say(`ERROR no command ${verb}`)
})
