// ccxt's Binance client against the sandbox; lines.js has the commands' form.
'use strict';
const ccxt = require('ccxt');
const { main, watch, trade } = require('./lines.js');

const [rest, ws, apiKey, secret] = process.argv.slice(2);

const exchange = new ccxt.pro.binance({
  apiKey, secret: secret.replaceAll('\\n', '\n'), enableRateLimit: false, newUpdates: true,
  options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false, watchBalance: { fetchBalanceSnapshot: false, awaitBalanceSnapshot: false } },
});
exchange.has.fetchCurrencies = false;
exchange.urls.api.public = exchange.urls.api.private = rest + '/api/v3';
exchange.urls.api.ws.spot = ws + '/ws';
exchange.urls.api.ws['ws-api'].spot = ws + '/ws-api/v3';

const order = (o) => ({ id: o.id, status: o.status, side: o.side, amount: o.amount, price: o.price, filled: o.filled, exec: o.info.x, cl: o.clientOrderId });

// An order that is sent before the stream is subscribed is not told there.
async function listen(name, next) {
  await exchange.loadMarkets();
  await exchange.ensureUserDataStreamWsSubscribeSignature('spot');
  return watch(name, next);
}

main(exchange, {
  markets: async () => Object.values(await exchange.loadMarkets()).map((m) => ({ symbol: m.symbol, price: m.precision.price, amount: m.precision.amount })),
  book: async (symbol) => {
    const book = await exchange.watchOrderBook(symbol);
    return { bids: book.bids.slice(0, 3), asks: book.asks.slice(0, 3) };
  },
  'watch-book': async (symbol) => watch('book', async () => { const b = await exchange.watchOrderBook(symbol); return [b.bids[0], b.asks[0]]; }),
  'watch-public': async (symbol) => watch('public', async () => (await exchange.watchTrades(symbol)).map((t) => [t.price, t.amount, t.side])),
  order: async (symbol, type, side, amount, price, timeInForce, clientOrderId) => {
    const params = {};
    if (timeInForce) params.timeInForce = timeInForce;
    if (clientOrderId) params.newClientOrderId = clientOrderId;
    const o = await exchange.createOrderWs(symbol, type, side, Number(amount), price === '-' ? undefined : Number(price), params);
    return { id: o.id, status: o.status, filled: o.filled };
  },
  cancel: async (id, symbol) => (await exchange.cancelOrderWs(id, symbol)).status,
  fetch: async (id, symbol) => order(await exchange.fetchOrderWs(id, symbol)),
  'watch-orders': async () => listen('order', async () => (await exchange.watchOrders()).map(order)),
  'watch-trades': async () => listen('trade', async () => (await exchange.watchMyTrades()).map(trade)),
  'watch-balance': async () => listen('balance', async () => (await exchange.watchBalance()).total),
});
