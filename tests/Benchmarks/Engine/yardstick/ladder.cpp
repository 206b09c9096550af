// The yardstick: a bare price ladder, as small and fast as the author could make one. No firms, no money, no client ids.
// Usage: ladder FLOW.bin thr REPETITIONS | lat REPETITIONS | mem. Prints "name value" lines.
// A flow file: symbols, set-up messages, messages, trades, highest id, most orders at once (u32 each), trade hash (u64), then 16 bytes a message.
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

constexpr int kTicks = 65536;
constexpr uint64_t kNoTrades = 1469598103934665603ull;

struct Message { uint32_t id, lots; int32_t ticks; uint16_t symbol; uint8_t op, side; };
struct Head { uint32_t symbols, setUp, total, trades, maxId, maxLive; uint64_t hash; };
static_assert(sizeof(Message) == 16 && sizeof(Head) == 32);

struct Answer { uint8_t type, side; uint16_t symbol; uint32_t lots, first, second; int32_t ticks; uint32_t pad; uint64_t seq; };
struct Sink {
  Answer ring[4096];
  uint64_t count = 0, trades = 0, hash = kNoTrades;
  Answer& next() { Answer& a = ring[count & 4095]; a.seq = count++; return a; }
  void answer(const Message& m) { Answer& a = next(); a.type = m.op; a.side = m.side; a.symbol = m.symbol; a.lots = m.lots; a.first = m.id; a.second = 0; a.ticks = m.ticks; }
  void trade(uint32_t maker, uint32_t taker, int32_t ticks, uint32_t lots) {
    Answer& a = next(); a.type = 9; a.lots = lots; a.first = maker; a.second = taker; a.ticks = ticks;
    ++trades;
    hash = (hash ^ (((uint64_t)taker << 32) | maker)) * 1099511628211ull;
    hash = (hash ^ (((uint64_t)lots << 32) | (uint32_t)ticks)) * 1099511628211ull;
    hash ^= hash >> 29;
  }
};
Sink g_sink;

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
  Ladder(uint32_t symbols, uint32_t maxId, uint32_t maxLive) : orders_(maxLive + 2), sides_(2 * symbols), slotOf_(maxId + 1) {
    free_.reserve(maxLive + 1);
    for (size_t i = 0; i < sides_.size(); ++i) sides_[i].best = i & 1 ? kTicks : 0;
  }
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

double cpuNs() { timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
double wallNs() { timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
double residentBytes() {
  long all = 0, resident = 0;
  FILE* f = fopen("/proc/self/statm", "r");
  if (!f || fscanf(f, "%ld %ld", &all, &resident) != 2) exit(2);
  fclose(f);
  return (double)resident * sysconf(_SC_PAGESIZE);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string mode = argv[2];
  const int repetitions = argc > 3 ? atoi(argv[3]) : 3;
  FILE* f = fopen(argv[1], "rb");
  Head h;
  if (!f || fread(&h, sizeof h, 1, f) != 1) return 2;
  std::vector<Message> messages(h.total);
  if (fread(messages.data(), sizeof(Message), h.total, f) != h.total) return 2;
  fclose(f);
  const uint32_t timed = h.total - h.setUp, chunk = 5000;

  if (mode == "mem") {
    const double before = residentBytes();
    auto ladder = std::make_unique<Ladder>(h.symbols, h.maxId, h.maxLive);
    for (const Message& m : messages) ladder->apply(m);
    printf("bytes %.1f\n", (residentBytes() - before) / h.maxLive);
    return 0;
  }
  std::vector<double> best(mode == "lat" ? timed : (timed + chunk - 1) / chunk, 1e18), sums;
  for (int r = 0; r < repetitions; ++r) {
    auto ladder = std::make_unique<Ladder>(h.symbols, h.maxId, h.maxLive);
    g_sink.count = g_sink.trades = 0; g_sink.hash = kNoTrades;
    for (uint32_t i = 0; i < h.setUp; ++i) ladder->apply(messages[i]);
    double sum = 0;
    for (size_t k = 0; k < best.size(); ++k) {
      double spent;
      if (mode == "lat") {
        const double started = wallNs();
        ladder->apply(messages[h.setUp + k]);
        spent = wallNs() - started;
      } else {
        const uint32_t from = h.setUp + (uint32_t)k * chunk, to = std::min(from + chunk, h.total);
        const double started = cpuNs();
        for (uint32_t i = from; i < to; ++i) ladder->apply(messages[i]);
        spent = cpuNs() - started;
      }
      best[k] = std::min(best[k], spent);
      sum += spent;
    }
    sums.push_back(sum / timed);
    if (g_sink.trades != h.trades || g_sink.hash != h.hash) { fprintf(stderr, "other trades than the flow's\n"); return 1; }
  }
  if (mode == "lat") {
    // What reading the clock itself takes is taken off.
    double clock = 1e18;
    for (int i = 0; i < 100000; ++i) { const double a = wallNs(); clock = std::min(clock, wallNs() - a); }
    std::sort(best.begin(), best.end());
    printf("p50 %.0f\np99.9 %.0f\nmax %.0f\n", best[timed / 2] - clock, best[(size_t)(timed * 0.999)] - clock, best.back() - clock);
    return 0;
  }
  double least = 0;
  for (double b : best) least += b;
  std::sort(sums.begin(), sums.end());
  printf("ns %.2f\nmedian %.2f\n", least / timed, sums[sums.size() / 2]);
}
