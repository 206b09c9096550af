'use strict'

// A FIX 4.4 client, or with --accept Y an acceptor, on jspurefix, driven by lines: commands come in on stdin, one line per happening goes out on stdout.
// tests/EndToEnd/README.md has the commands and the lines; quickfix-client speaks the same.

const fs = require('node:fs')
const readline = require('node:readline')
const engine = require('./engine')
const orders = require('./orders')

const RECONNECT_MS = 500

/** A whole line, written before anything else happens: what was said survives a kill. */
function say (line) {
  fs.writeSync(1, `${line}\n`)
}

function parse (values) {
  const args = {}
  for (let i = 0; i + 1 < values.length; i += 2) args[values[i].replace(/^--/, '')] = values[i + 1]
  for (const name of ['host', 'port', 'sender', 'target', 'store', 'dictionary', 'heartbeat', 'reset']) {
    if (args[name] === undefined) throw new Error(`missing argument --${name}`)
  }
  return args
}

class Client {
  constructor (config) {
    this.config = config
    this.session = null
    this.wanted = false
    this.connecting = false
    if (config.description.application.type === 'acceptor') engine.accept(config, () => this.events(), (session) => { this.session = session })
  }

  /** Connects, and goes on trying while the connection is wanted. */
  async pursue () {
    if (!this.wanted || this.session || this.connecting) return
    this.connecting = true
    try {
      this.session = await engine.connect(this.config, this.events())
      if (!this.wanted) this.session.drop()   // killed in the meantime
    } catch (e) {
      say(`NOTE connect: ${e.message}`)
      this.later()
    } finally {
      this.connecting = false
    }
  }

  later () {
    setTimeout(() => this.pursue(), RECONNECT_MS)
  }

  events () {
    return {
      incoming: (text) => say(`IN ${text}`),
      outgoing: (text) => say(`OUT ${text}`),
      note: (text) => say(`NOTE ${text}`),
      logon: () => say('LOGON'),
      logout: (reason) => say(`LOGOUT ${reason}`),
      end: () => {
        this.session = null
        say('DISCONNECT')
        this.later()
      }
    }
  }

  obey (line) {
    const [verb, ...words] = line.trim().split(/\s+/)
    switch (verb) {
      case 'connect':
        this.wanted = true
        this.pursue()
        return
      case 'kill':
        this.wanted = false
        this.session?.drop()
        return
      case 'logout':
        this.wanted = false
        this.session?.done()
        return
      case 'quit':
        process.exit(0)
        return
    }
    const { msgType, fields } = orders.fromCommand(verb, words)
    if (!this.session) throw new Error(`not sent: ${line}`)
    this.session.sendFields(msgType, fields, (e) => { if (e) say(`ERROR not sent: ${line}: ${e.message}`) })
  }
}

async function main () {
  const client = new Client(await engine.makeConfig(parse(process.argv.slice(2))))
  say('READY')
  const lines = readline.createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    try {
      client.obey(line)
    } catch (e) {
      say(`ERROR ${e.message}`)
    }
  })
  lines.on('close', () => process.exit(0))
}

main().catch((e) => {
  say(`ERROR ${e.message}`)
  process.exit(1)
})
