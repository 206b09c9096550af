// ccxt's Coinbase Exchange client against the sandbox; lines.js has the commands' form.
'use strict';
const ccxt = require('ccxt');
const { main, watch, order, trade, book } = require('./lines.js');

const [rest, ws, apiKey, secret, password] = process.argv.slice(2);
const exchange = new ccxt.pro.coinbaseexchange({ apiKey, secret, password, enableRateLimit: false, newUpdates: true });
exchange.urls.api.public = exchange.urls.api.private = rest;
exchange.urls.api.ws = ws;
exchange.has.fetchCurrencies = false;

main(exchange, {
  markets: async () => Object.values(await exchange.loadMarkets()).map((m) => ({ symbol: m.symbol, price: m.precision.price, amount: m.precision.amount })),
  book: async (symbol) => book(await exchange.watchOrderBook(symbol)),
  order: async (symbol, type, side, amount, price, timeInForce, clientOrderId) => {
    const params = {};
    if (timeInForce) params.timeInForce = timeInForce;
    if (clientOrderId) params.clientOrderId = clientOrderId;
    return { id: (await exchange.createOrder(symbol, type, side, Number(amount), Number(price), params)).id };
  },
  cancel: async (id, symbol) => (await exchange.cancelOrder(id, symbol)) !== undefined,
  fetch: async (id) => order(await exchange.fetchOrder(id)),
  trades: async (symbol) => (await exchange.fetchMyTrades(symbol)).map(trade),
  balance: async () => (await exchange.fetchBalance()).total,
  'watch-orders': async (symbol) => watch('order', async () => (await exchange.watchOrders(symbol)).map(order)),
  'watch-trades': async (symbol) => watch('trade', async () => (await exchange.watchMyTrades(symbol)).map(trade)),
  'watch-book': async (symbol) => watch('book', async () => { const b = await exchange.watchOrderBook(symbol); return [b.bids[0].slice(0, 2), b.asks[0].slice(0, 2)]; }),
});
