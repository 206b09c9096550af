// The yardstick: a bare price ladder, as small and fast as the author could make one. No firms, no money, no client ids.
// Usage: ladder FLOW.bin thr REPETITIONS | lat REPETITIONS | mem. Prints "name value" lines.
#include "flow.h"

namespace {

/// Orders in a slab with 32-bit links, levels indexed by tick, two bitmaps over them.
class Ladder {
  struct Order { uint32_t prev, next, lots; int32_t ticks; uint32_t id; uint16_t symbol; uint8_t side, pad; uint64_t owner; };
  struct Level { uint32_t head, tail; uint64_t lots; };
  struct Side {
    std::vector<Level> levels = std::vector<Level>(kTicks);
    int32_t best;
    uint64_t top[kTicks / 4096] = {}, bits[kTicks / 64] = {};
  };
  std::vector<Order> orders_;
  std::vector<Side> sides_;
  std::vector<uint32_t> slotOf_, free_;
  uint32_t used_ = 0;

  static int32_t highest(const Side& s) {
    int w = s.best >> 6;
    if (s.bits[w]) return w * 64 + 63 - __builtin_clzll(s.bits[w]);
    int t = w >> 6;
    uint64_t x = (w & 63) ? s.top[t] & (~0ull >> (64 - (w & 63))) : 0;
    while (!x) { if (--t < 0) return 0; x = s.top[t]; }
    w = t * 64 + 63 - __builtin_clzll(x);
    return w * 64 + 63 - __builtin_clzll(s.bits[w]);
  }
  static int32_t lowest(const Side& s) {
    int w = s.best >> 6;
    if (s.bits[w]) return w * 64 + __builtin_ctzll(s.bits[w]);
    int t = w >> 6;
    uint64_t x = (w & 63) == 63 ? 0 : s.top[t] & (~0ull << ((w & 63) + 1));
    while (!x) { if (++t > 15) return kTicks; x = s.top[t]; }
    w = t * 64 + __builtin_ctzll(x);
    return w * 64 + __builtin_ctzll(s.bits[w]);
  }
  static void close(Side& s, int side, int32_t p) {
    s.bits[p >> 6] &= ~(1ull << (p & 63));
    if (!s.bits[p >> 6]) s.top[p >> 12] &= ~(1ull << ((p >> 6) & 63));
    if (p == s.best) s.best = side == 0 ? highest(s) : lowest(s);
  }
  void rest(uint32_t slot, Side& s, int side, int32_t p) {
    Order& o = orders_[slot]; Level& l = s.levels[p];
    o.next = 0; o.prev = l.tail; l.lots += o.lots;
    if (l.tail) orders_[l.tail].next = slot;
    else {
      l.head = slot;
      s.bits[p >> 6] |= 1ull << (p & 63); s.top[p >> 12] |= 1ull << ((p >> 6) & 63);
      if (side == 0 ? p > s.best : p < s.best) s.best = p;
    }
    l.tail = slot;
  }
  void unrest(uint32_t slot, Side& s) {
    Order& o = orders_[slot]; Level& l = s.levels[o.ticks];
    l.lots -= o.lots;
    if (o.prev) orders_[o.prev].next = o.next; else l.head = o.next;
    if (o.next) orders_[o.next].prev = o.prev; else l.tail = o.prev;
    if (!l.head) close(s, o.side, o.ticks);
  }
  uint32_t match(Side& s, int side, int32_t limit, uint32_t lots, uint32_t taker) {
    while (side == 0 ? s.best <= limit : s.best >= limit && s.best > 0) {
      Level& l = s.levels[s.best];
      uint32_t slot = l.head;
      do {
        Order& maker = orders_[slot];
        uint32_t fill = std::min(lots, maker.lots);
        maker.lots -= fill; l.lots -= fill; lots -= fill;
        g_sink.trade(maker.id, taker, s.best, fill);
        if (maker.lots) { l.head = slot; maker.prev = 0; return 0; }
        uint32_t next = maker.next;
        slotOf_[maker.id] = 0; free_.push_back(slot);
        slot = next;
      } while (slot && lots);
      l.head = slot;
      if (slot) { orders_[slot].prev = 0; return 0; }
      l.tail = 0;
      close(s, side ^ 1, s.best);
      if (!lots) return 0;
    }
    return lots;
  }

 public:
  explicit Ladder(const Head& h) : orders_(h.maxLive + 2), sides_(2 * h.symbols), slotOf_(h.maxId + 1) {
    free_.reserve(h.maxLive + 1);
    for (size_t i = 0; i < sides_.size(); ++i) sides_[i].best = i & 1 ? kTicks : 0;
  }
  void prepare(const Message* messages, const uint32_t*, uint32_t) { messages_ = messages; }
  void run(uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; ++i) apply(messages_[i]);
  }

 private:
  const Message* messages_ = nullptr;

  __attribute__((always_inline)) void apply(const Message& m) {
    g_sink.answer(m);
    if (m.op == 1) {
      uint32_t slot = slotOf_[m.id]; Order& o = orders_[slot];
      unrest(slot, sides_[2 * o.symbol + o.side]);
      slotOf_[m.id] = 0; free_.push_back(slot);
    } else if (m.op == 2) {
      uint32_t slot = slotOf_[m.id]; Order& o = orders_[slot];
      unrest(slot, sides_[2 * o.symbol + o.side]);
      uint32_t left = match(sides_[2 * o.symbol + (o.side ^ 1)], o.side, m.ticks, m.lots, m.id);
      if (!left) { slotOf_[m.id] = 0; free_.push_back(slot); return; }
      o.lots = left; o.ticks = m.ticks;
      rest(slot, sides_[2 * o.symbol + o.side], o.side, m.ticks);
    } else {
      uint32_t left = match(sides_[2 * m.symbol + (m.side ^ 1)], m.side, m.ticks, m.lots, m.id);
      if (!left) return;
      uint32_t slot;
      if (free_.empty()) slot = ++used_; else { slot = free_.back(); free_.pop_back(); }
      Order& o = orders_[slot];
      o.lots = left; o.ticks = m.ticks; o.id = m.id; o.symbol = m.symbol; o.side = m.side;
      slotOf_[m.id] = slot;
      rest(slot, sides_[2 * m.symbol + m.side], m.side, m.ticks);
    }
  }
};

}  // namespace

int main(int argc, char** argv) { return measure<Ladder>(argc, argv); }
