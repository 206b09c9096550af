'use strict'

// Commands as FIX 4.4 messages: { msgType, fields } with fields as [tag, text] in the order they are sent.
// Values go through as the text that was given: the tests send wrong ones on purpose.

const sides = { buy: '1', sell: '2' }
const timesInForce = { gtc: '1', ioc: '3', fok: '4' }
const ordTypes = { market: '1', limit: '2' }

function code (table, word, what) {
  if (!(word in table)) throw new Error(`${what} is one of ${Object.keys(table).join(', ')}, not ${word}`)
  return table[word]
}

/** UTCTimestamp with milliseconds: 20261122-16:05:00.123 */
function now () {
  const iso = new Date().toISOString()
  return `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 23)}`
}

/** Takes words one by one and names the one that is missing. */
function taker (words) {
  let next = 0
  return (what) => {
    if (next >= words.length) throw new Error(`command lacks ${what}`)
    return words[next++]
  }
}

/** `new CLORDID buy|sell SYMBOL QTY market|limit [PRICE] [gtc|ioc|fok]` */
function newOrder (words) {
  const take = taker(words)
  const fields = [
    [11, take('CLORDID')],
    [54, code(sides, take('side'), 'side')],
    [55, take('SYMBOL')],
    [38, take('QTY')]
  ]
  const type = take('market or limit')
  fields.push([40, code(ordTypes, type, 'order type')])
  if (type === 'limit') fields.push([44, take('PRICE')])
  const last = words[type === 'limit' ? 6 : 5]
  if (last !== undefined) fields.push([59, code(timesInForce, last, 'time in force')])
  fields.push([60, now()])
  return { msgType: 'D', fields }
}

/** `cancel CLORDID ORIG buy|sell SYMBOL [QTY]`, and `replace CLORDID ORIG buy|sell SYMBOL QTY PRICE` */
function change (msgType, words) {
  const take = taker(words)
  const fields = [
    [11, take('CLORDID')],
    [41, take('ORIG')],
    [54, code(sides, take('side'), 'side')],
    [55, take('SYMBOL')]
  ]
  if (words.length > 4) fields.push([38, take('QTY')])
  if (msgType === 'G') fields.push([40, ordTypes.limit], [44, take('PRICE')])
  fields.push([60, now()])
  return { msgType, fields }
}

/** `status CLORDID buy|sell SYMBOL` */
function status (words) {
  const take = taker(words)
  return {
    msgType: 'H',
    fields: [
      [11, take('CLORDID')],
      [54, code(sides, take('side'), 'side')],
      [55, take('SYMBOL')]
    ]
  }
}

/** `raw MSGTYPE tag=val|tag=val`: no field is added but the header's own. */
function raw (words) {
  const [msgType, ...rest] = words
  if (msgType === undefined) throw new Error('command lacks MSGTYPE')
  const fields = rest.join(' ').split('|').filter((field) => field !== '').map((field) => {
    const equals = field.indexOf('=')
    if (equals < 0) throw new Error(`not tag=value: ${field}`)
    return [Number(field.slice(0, equals)), field.slice(equals + 1)]
  })
  return { msgType, fields }
}

function fromCommand (verb, words) {
  switch (verb) {
    case 'new': return newOrder(words)
    case 'cancel': return change('F', words)
    case 'replace': return change('G', words)
    case 'status': return status(words)
    case 'raw': return raw(words)
    default: throw new Error(`unknown command ${verb}`)
  }
}

module.exports = { fromCommand }
