// ccxt's OKX client against the sandbox; lines.js has the commands' form.
'use strict';
const ccxt = require('ccxt');
const { main, watch, order, trade, book } = require('./lines.js');

const [rest, ws, apiKey, secret, password] = process.argv.slice(2);
const exchange = new ccxt.pro.okx({ apiKey, secret, password, enableRateLimit: false, newUpdates: true, options: { fetchMarkets: { types: ['spot'] } } });
exchange.urls.api.rest = rest;
exchange.urls.api.ws = ws;
exchange.has.fetchCurrencies = false;

main(exchange, {
  markets: async () => Object.values(await exchange.loadMarkets()).map((m) => ({ symbol: m.symbol, price: m.precision.price, amount: m.precision.amount })),
  login: async () => { await exchange.authenticate(); return true; },
  book: async (symbol) => book(await exchange.watchOrderBook(symbol)),
  order: async (symbol, type, side, amount, price, timeInForce, clientOrderId) => {
    const params = {};
    if (timeInForce) params.timeInForce = timeInForce;
    if (clientOrderId) params.clientOrderId = clientOrderId;
    return { id: (await exchange.createOrderWs(symbol, type, side, Number(amount), Number(price), params)).id };
  },
  edit: async (id, symbol, side, amount, price) => ({ id: (await exchange.editOrderWs(id, symbol, 'limit', side, Number(amount), Number(price))).id }),
  cancel: async (id, symbol) => (await exchange.cancelOrderWs(id, symbol)) !== undefined,
  fetch: async (id, symbol) => order(await exchange.fetchOrder(id, symbol)),
  'watch-orders': async () => watch('order', async () => (await exchange.watchOrders()).map(order)),
  'watch-trades': async () => watch('trade', async () => (await exchange.watchMyTrades()).map(trade)),
  'watch-book': async (symbol) => watch('book', async () => { const b = await exchange.watchOrderBook(symbol); return [b.bids[0].slice(0, 2), b.asks[0].slice(0, 2)]; }),
  balance: async () => (await exchange.watchBalance()).total,
});
