// ccxt's Kraken client against the sandbox; lines.js has the commands' form.
'use strict';
const ccxt = require('ccxt');
const { main, watch, trade } = require('./lines.js');

const [rest, ws, apiKey, secret] = process.argv.slice(2);

const exchange = new ccxt.pro.kraken({ apiKey, secret, enableRateLimit: false, newUpdates: true });
exchange.urls.api.public = exchange.urls.api.private = rest;
// `private` is only the key under which the client keeps its token.
Object.assign(exchange.urls.api.ws, { publicV2: ws + '/v2', privateV2: ws + '/auth/v2', private: ws + '/auth/v2' });

const order = (o) => ({ id: o.id, status: o.status, side: o.side, amount: o.amount, price: o.price, cost: o.cost, average: o.average, exec: o.info.exec_type, cl: o.info.cl_ord_id });

main(exchange, {
  markets: async () => Object.values(await exchange.loadMarkets()).map((m) => ({ symbol: m.symbol, price: m.precision.price, amount: m.precision.amount, taker: m.taker, maker: m.maker })),
  token: async () => (await exchange.authenticate()).length > 0,
  book: async (symbol, depth) => {
    const book = await exchange.watchOrderBook(symbol, Number(depth));
    return { bids: book.bids.slice(0, 3), asks: book.asks.slice(0, 3), levels: [book.bids.length, book.asks.length] };
  },
  order: async (symbol, type, side, amount, price, timeInForce, clientOrderId) => {
    const params = {};
    if (timeInForce) params.timeInForce = timeInForce;
    if (clientOrderId) params.clientOrderId = clientOrderId;
    return { id: (await exchange.createOrderWs(symbol, type, side, Number(amount), price === '-' ? undefined : Number(price), params)).id };
  },
  edit: async (id, symbol, side, amount, price) => ({ id: (await exchange.editOrderWs(id, symbol, 'limit', side, Number(amount), Number(price))).id }),
  cancel: async (id) => (await exchange.cancelOrderWs(id)) !== undefined,
  'cancel-all': async () => (await exchange.cancelAllOrdersWs()) !== undefined,
  'watch-orders': async () => watch('order', async () => (await exchange.watchOrders()).map(order)),
  'watch-trades': async () => watch('trade', async () => (await exchange.watchMyTrades()).map(trade)),
  'watch-book': async (symbol, depth) => watch('book', async () => { const b = await exchange.watchOrderBook(symbol, Number(depth)); return [b.bids[0], b.asks[0]]; }),
  balance: async () => (await exchange.watchBalance()).total,
});
