'use strict'
// The books of one instrument as a screen keeps them: by level and by order. Every message is proven by its number and its checksum.

const table = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1
  return n >>> 0
})

function crc32 (text) {
  let crc = 0xffffffff
  for (let i = 0; i < text.length; i++) crc = table[(crc ^ text.charCodeAt(i)) & 255] ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

// Exact: digits without the point, as a whole number.
const units = text => BigInt(text.replace('.', ''))

/// One side: price in units -> quantity in units.
class Side {
  constructor (isBid) {
    this.isBid = isBid
    this.levels = new Map()
  }

  sorted () {
    const prices = [...this.levels.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    return this.isBid ? prices.reverse() : prices
  }

  set (price, quantity) {
    if (quantity === 0n) {
      if (!this.levels.delete(price)) throw new Error(`level ${price} went and was not there`)
    } else this.levels.set(price, quantity)
  }
}

/// Kraken's rule: asks, then bids, ten best of each, price and quantity without point and leading zeros.
function checksum (asks, bids) {
  let text = ''
  for (const side of [asks, bids]) for (const price of side.sorted().slice(0, 10)) text += price.toString() + side.levels.get(price).toString()
  return crc32(text)
}

class Numbered {
  constructor () {
    this.messages = 0
    this.snapshots = 0
  }

  take (message) {
    this.messages++
    if (message.type === 'snapshot') {
      this.snapshots++
      this.clear()
    } else if (message.seq !== this.seq + 1) throw new Error(`seq ${message.seq} after ${this.seq}`)
    this.seq = message.seq
    this.apply(message)
  }
}

class Levels extends Numbered {
  clear () {
    this.bids = new Side(true)
    this.asks = new Side(false)
  }

  apply (message) {
    for (const [name, side] of [['bids', this.bids], ['asks', this.asks]]) for (const [price, quantity] of message[name]) side.set(units(price), units(quantity))
    if (checksum(this.asks, this.bids) !== message.checksum) throw new Error(`checksum of ${JSON.stringify(message)}`)
    if (message.depth && (this.bids.levels.size > message.depth || this.asks.levels.size > message.depth)) throw new Error('more levels than asked for')
  }

  text () {
    return [this.bids, this.asks].map(side => side.sorted().map(price => `${price}x${side.levels.get(price)}`).join(' ')).join(' / ')
  }
}

class Orders extends Numbered {
  clear () {
    this.entries = new Map()
    this.last = 0
  }

  apply (message) {
    for (const [what, id, side, price, quantity] of message.orders) {
      const isThere = this.entries.has(id)
      if (isThere !== (what !== 'add')) throw new Error(`${what} of ${id}`)
      if (what === 'delete') this.entries.delete(id)
      else this.entries.set(id, { id, side, price: units(price), quantity: units(quantity) })
    }
    const [asks, bids] = [this.side('ask'), this.side('bid')]
    if (checksum(asks, bids) !== message.checksum) throw new Error(`checksum of ${JSON.stringify(message)}`)
  }

  side (name) {
    const side = new Side(name === 'bid')
    for (const entry of this.entries.values()) if (entry.side === name) side.levels.set(entry.price, (side.levels.get(entry.price) || 0n) + entry.quantity)
    return side
  }

  text () {
    return ['bid', 'ask'].map(name => {
      const queue = [...this.entries.values()].filter(entry => entry.side === name)
      queue.sort((a, b) => a.price !== b.price ? (a.price < b.price) === (name === 'bid') ? 1 : -1 : a.id - b.id)
      return queue.map(entry => `${entry.id}:${entry.quantity}@${entry.price}`).join(' ')
    }).join(' / ')
  }
}

class Trades extends Numbered {
  clear () {
    this.ids = this.ids || []
  }

  apply (message) {
    if (message.type === 'update') for (const trade of message.trades) this.ids.push(trade.id)
  }

  text () {
    return this.ids.join(' ')
  }
}

class Figures extends Numbered {
  clear () {}

  apply (message) {
    this.message = message
  }

  text () {
    return JSON.stringify(this.message)
  }
}

const kinds = { book: Levels, orders: Orders, trades: Trades, ticker: Figures, status: Figures }

module.exports = { make: channel => new kinds[channel]() }
