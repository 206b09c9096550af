'use strict'

// What this client takes from jspurefix, and the few places where 5.11.4 has to be helped (README.md, "Found on the way").

require('reflect-metadata')
const crypto = require('node:crypto')
const fs = require('node:fs')
const {
  AsciiSession, DITokens, EmptyLogFactory, FileSessionStore, FileSessionStreamProvider, SessionContainer
} = require('jspurefix')
// Not in the library's index; the exact version is pinned, so the paths cannot move.
const { AsciiMsgTransmitter } = require('jspurefix/dist/transport/ascii/ascii-msg-transmitter')
const { SessionState } = require('jspurefix/dist/transport/session/session-state')
const { TcpAcceptor } = require('jspurefix/dist/transport/tcp/tcp-acceptor')
const { TcpInitiator } = require('jspurefix/dist/transport/tcp/tcp-initiator')

/**
 * Writes sequence numbers in order and whole: the library starts one asynchronous write per message, lets them race, and
 * leaves an empty file when it is killed in between.
 */
class OrderedStreams extends FileSessionStreamProvider {
  constructor (sessionId, directory) {
    super(sessionId, directory)
    this.path = sessionId.getFilePath(directory, 'seqnums')
  }

  async writeSeqNums (content) {
    fs.writeFileSync(`${this.path}.new`, content)
    fs.renameSync(`${this.path}.new`, this.path)
  }
}

/** Sends a message's fields as they were given, whatever the dictionary says; header and trailer are the library's. */
class VerbatimTransmitter extends AsciiMsgTransmitter {
  encodeMessage (msgType, obj) {
    const { encoder, buffer, config } = this
    const now = new Date()
    if (msgType === 'A' && config.sign) obj = { verbatim: signedLogon(obj, config, this.msgSeqNum, now) }
    if (!obj.verbatim) return super.encodeMessage(msgType, obj)
    const header = config.factory.header(msgType, this.msgSeqNum++, now)
    buffer.reset()
    encoder.encode(header, 'StandardHeader')
    for (const [tag, value] of obj.verbatim) {
      encoder.WriteTagEquals(tag)
      const start = buffer.getPos()
      buffer.writeString(value)
      encoder.writeDelimiter(start, tag)
    }
    const digits = Math.max(4, config.description.BodyLengthChars ?? 7)
    buffer.patchPaddedNumberAtPos(encoder.bodyLengthPos, buffer.getPos() - encoder.msgTypePos, digits)
    encoder.encode(config.factory.trailer(this.checksum()), 'StandardTrailer')
    return header
  }
}

/** A Logon's fields with a signature (--sign hmac:BASE64 or ed25519:BASE64 of the seed) over 52, 35, 34, 49 and 56. */
function signedLogon (obj, { sign, description }, msgSeqNum, now) {
  const time = now.toISOString().replaceAll('-', '').replace('T', '-').replace('Z', '')
  const text = [time, 'A', msgSeqNum, description.SenderCompId, description.TargetCompID].join('\u0001')
  const [kind, key] = [sign.slice(0, sign.indexOf(':')), Buffer.from(sign.slice(sign.indexOf(':') + 1), 'base64')]
  // PKCS#8 of an Ed25519 key is this prefix and the seed (RFC 8410).
  const privateKey = () => crypto.createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), key]), format: 'der', type: 'pkcs8' })
  const signature = (kind === 'hmac' ? crypto.createHmac('sha256', key).update(text).digest() : crypto.sign(null, Buffer.from(text), privateKey())).toString('base64')
  return [[98, '0'], [108, String(description.HeartBtInt)], ...(obj.ResetSeqNumFlag ? [[141, 'Y']] : []), [95, String(signature.length)], [96, signature]]
}

/** One connection's session. `on` is told what happens: incoming, outgoing, logon, logout, end. */
class Session extends AsciiSession {
  constructor (config, on) {
    super(config)
    this.on_ = on
    this.checkMsgIntegrity = true
  }

  sendFields (msgType, fields, done) {
    this.send(msgType, { verbatim: fields }, done)
  }

  /** Drops the connection as a crash would: no Logout, and the peer gets a reset. */
  drop () {
    this.transport?.duplex.socket.resetAndDestroy()
    this.requestStop('killed')
  }

  onDecoded (_msgType, text) { this.on_.incoming(text) }
  onEncoded (_msgType, text) { this.on_.outgoing(text) }
  onReady () { this.on_.logon() }
  onStopped (error) { this.on_.end(error) }
  onLogon () { return true }
  onApplicationMsg () {}

  peerLogout (view) {
    this.on_.logout(view.getString(58) ?? '')
    super.peerLogout(view)
  }

  txOnEncoded (msgType, data, header) {
    // The store takes the number of any message for the newest; that of a gap fill is an old one.
    if (header.PossDupFlag) this.onEncoded(msgType, data)
    else super.txOnEncoded(msgType, data, header)
  }

  validStateApplicationMsg () {
    // The library ends the session when an application message shares a TCP segment with a ResendRequest.
    return this.sessionState.state === SessionState.HandleResendRequest || super.validStateApplicationMsg()
  }
}

/** Loads the dictionary once; the store outlives connections. */
async function makeConfig ({ host, port, sender, target, store, dictionary, heartbeat, reset, accept, sign }) {
  const container = new SessionContainer()
  container.registerGlobal(new EmptyLogFactory())
  const scope = await container.makeSystem({
    application: { type: accept === 'Y' ? 'acceptor' : 'initiator', name: sender, protocol: 'ascii', dictionary, tcp: { host, port: Number(port) } },
    BeginString: 'FIX.4.4',
    SenderCompId: sender,
    TargetCompID: target,
    HeartBtInt: Number(heartbeat),
    ResetSeqNumFlag: reset === 'Y'
  })
  const config = scope.resolve(DITokens.IJsFixConfig)
  config.sign = sign
  scope.register(DITokens.MsgTransmitter, { useFactory: () => new VerbatimTransmitter(config) })
  let kept = null
  config.sessionStoreFactory = {
    create: (id) => (kept ??= new FileSessionStore(id, new OrderedStreams(id, store)))
  }
  return config
}

/** One connection from connect to end; throws when there is nobody at the other end within a second. */
async function connect (config, on) {
  return run(await new TcpInitiator(config).connect(1), config, on)
}

/** Waits for connections; each becomes a session, told to `accepted` with what it is told by `events`. */
function accept (config, events, accepted) {
  const acceptor = new TcpAcceptor(config)
  acceptor.on('transport', (transport) => accepted(run(transport, transport.config ?? config, events())))
  acceptor.listen()
}

function run (transport, config, on) {
  // The library takes its own listener away with the session, and an 'error' nobody listens to ends a node process.
  transport.receiver.on('error', (e) => on.note(`transport: ${e.message}`))
  const session = new Session(config, on)
  session.on('error', (e) => on.note(`session: ${e.message}`))
  session.run(transport).catch((e) => on.note(`run: ${e.message}`))
  return session
}

module.exports = { makeConfig, connect, accept }
