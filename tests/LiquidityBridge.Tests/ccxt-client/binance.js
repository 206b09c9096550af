// ccxt's Binance client against the sandbox, driven by lines as client.js is: one command in, one line out.
//   OK COMMAND JSON   or   ERROR COMMAND CLASS MESSAGE; `watch` commands run on and say   EVENT NAME JSON
'use strict';
const readline = require('node:readline');
const ccxt = require('ccxt');

const [rest, ws, apiKey, secret] = process.argv.slice(2);
const say = (...words) => process.stdout.write(words.join(' ') + '\n');

const exchange = new ccxt.pro.binance({
  apiKey, secret: secret.replaceAll('\\n', '\n'), enableRateLimit: false, newUpdates: true,
  options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false, watchBalance: { fetchBalanceSnapshot: false, awaitBalanceSnapshot: false } },
});
exchange.has.fetchCurrencies = false;
exchange.urls.api.public = exchange.urls.api.private = rest + '/api/v3';
exchange.urls.api.ws.spot = ws + '/ws';
exchange.urls.api.ws['ws-api'].spot = ws + '/ws-api/v3';

const order = (o) => ({ id: o.id, status: o.status, side: o.side, amount: o.amount, price: o.price, filled: o.filled, exec: o.info.x, cl: o.clientOrderId });
const trade = (t) => ({ id: t.id, order: t.order, side: t.side, price: t.price, amount: t.amount, fee: t.fee, taker: t.takerOrMaker });

async function forever(name, next) {
  for (;;) say('EVENT', name, JSON.stringify(await next()));
}

const commands = {
  markets: async () => Object.values(await exchange.loadMarkets()).map((m) => ({ symbol: m.symbol, price: m.precision.price, amount: m.precision.amount })),
  book: async (symbol) => {
    const book = await exchange.watchOrderBook(symbol);
    return { bids: book.bids.slice(0, 3), asks: book.asks.slice(0, 3) };
  },
  'watch-book': async (symbol) => { watch('book', async () => { const b = await exchange.watchOrderBook(symbol); return [b.bids[0], b.asks[0]]; }); return true; },
  'watch-public': async (symbol) => { watch('public', async () => (await exchange.watchTrades(symbol)).map((t) => [t.price, t.amount, t.side])); return true; },
  order: async (symbol, type, side, amount, price, timeInForce, clientOrderId) => {
    const params = {};
    if (timeInForce) params.timeInForce = timeInForce;
    if (clientOrderId) params.newClientOrderId = clientOrderId;
    const o = await exchange.createOrderWs(symbol, type, side, Number(amount), price === '-' ? undefined : Number(price), params);
    return { id: o.id, status: o.status, filled: o.filled };
  },
  cancel: async (id, symbol) => (await exchange.cancelOrderWs(id, symbol)).status,
  fetch: async (id, symbol) => order(await exchange.fetchOrderWs(id, symbol)),
  'watch-orders': async () => { watch('order', async () => (await exchange.watchOrders()).map(order)); return true; },
  'watch-trades': async () => { watch('trade', async () => (await exchange.watchMyTrades()).map(trade)); return true; },
  'watch-balance': async () => { watch('balance', async () => (await exchange.watchBalance()).total); return true; },
};

function watch(name, next) {
  forever(name, next).catch((e) => say('ERROR', name, e.constructor.name, e.message));
}

async function main() {
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

main();
