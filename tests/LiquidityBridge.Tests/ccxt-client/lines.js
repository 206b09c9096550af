// A ccxt client driven by lines: one command in, one line out.
//   OK COMMAND JSON   or   ERROR COMMAND CLASS MESSAGE
// `watch` runs on and says   EVENT NAME JSON   each time.
'use strict';
const readline = require('node:readline');

const say = (...words) => process.stdout.write(words.join(' ') + '\n');

async function forever(name, next) {
  for (;;) say('EVENT', name, JSON.stringify(await next()));
}

function watch(name, next) {
  forever(name, next).catch((e) => say('ERROR', name, e.constructor.name, e.message));
  return true;
}

async function main(exchange, commands) {
  await exchange.loadHttpProxyAgent();   // without it ccxt takes no ws:// address
  say('READY');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, ...words] = line.trim().split(/\s+/);
    if (name === 'quit') break;
    try {
      if (!commands[name]) throw new Error('unknown command');
      say('OK', name, JSON.stringify(await commands[name](...words)));
    } catch (e) {
      say('ERROR', name, e.constructor.name, e.message);
    }
  }
  process.exit(0);
}

const order = (o) => ({ id: o.id, status: o.status, side: o.side, amount: o.amount, filled: o.filled, price: o.price, average: o.average, cl: o.clientOrderId });
const trade = (t) => ({ id: t.id, order: t.order, side: t.side, price: t.price, amount: t.amount, cost: t.cost, fee: t.fee, taker: t.takerOrMaker });
const book = (b) => ({ bids: b.bids.slice(0, 3).map((l) => l.slice(0, 2)), asks: b.asks.slice(0, 3).map((l) => l.slice(0, 2)), levels: [b.bids.length, b.asks.length] });

module.exports = { main, watch, order, trade, book };
