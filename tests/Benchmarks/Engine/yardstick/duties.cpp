// The second yardstick: what a venue owes for each message, in C++, with the engine's own ways of doing it.
// Whole commands in; sessions, ClOrdIDs, checks, holds, fees, balances, reports and levels as Venue.Engine's plain path has them; nothing of the long path.
// It says what the duties themselves cost on this machine, whoever does them.
// Usage: duties FLOW.bin thr REPETITIONS | lat REPETITIONS. Prints "name value" lines.
#include <immintrin.h>
#include "flow.h"

namespace {

using i128 = __int128;
using u128 = unsigned __int128;

constexpr int kFirms = 16;
constexpr uint32_t kRemembered = 1 << 20;

/// Memory that begins at a huge page, zero at first.
template <class T>
struct Table {
  T* at;
  explicit Table(size_t count) {
    constexpr size_t huge = 2 << 20;
    bytes_ = (count * sizeof(T) + huge - 1) / huge * huge + huge;
    base_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base_ == MAP_FAILED) { perror("mmap"); exit(2); }
    at = (T*)(((uintptr_t)base_ + huge - 1) / huge * huge);
    if (madvise(at, bytes_ - huge, MADV_HUGEPAGE) != 0) fprintf(stderr, "no huge pages here\n");
    memset((void*)at, 0, bytes_ - huge);
  }
  ~Table() { munmap(base_, bytes_); }
  Table(const Table&) = delete;
  T& operator[](size_t i) const { return at[i]; }

 private:
  void* base_;
  size_t bytes_;
};

struct Text40 {
  uint64_t w[5];
  bool operator==(const Text40& o) const { return ((w[0] ^ o.w[0]) | (w[1] ^ o.w[1]) | (w[2] ^ o.w[2]) | (w[3] ^ o.w[3]) | (w[4] ^ o.w[4])) == 0; }
};

// Commands: the engine's layouts.
enum : uint8_t { kNew = 1, kCancel = 2, kReplace = 3 };
struct Header { int64_t seq, time; int32_t session, msgSeqNum; uint8_t type, version; uint16_t length; int32_t request; };
struct New { Header h; Text40 id; int64_t ticks, lots; int32_t symbol; uint8_t side, type, tif, flags; };
struct Cancel { Header h; Text40 id, of; int64_t orderID; int32_t symbol; uint8_t side, pad[3]; };
struct Replace { Header h; Text40 id, of; int64_t orderID, ticks, lots; int32_t symbol; uint8_t side, type, tif, flags; };
static_assert(sizeof(New) == 96 && sizeof(Cancel) == 128 && sizeof(Replace) == 144);
constexpr uint16_t kLengths[256] = {0, sizeof(New), sizeof(Cancel), sizeof(Replace)};

// Events: likewise.
enum : uint8_t { kExecNew = 0, kExecCanceled = 4, kExecReplaced = 5, kExecTrade = 15 };
struct EventHeader { int64_t seq, time; int32_t index, session; uint8_t type, version; uint16_t length; int32_t symbol; };
struct Report {
  EventHeader h;
  Text40 id, of;
  int64_t orderID, ticks, lots, cum, leaves, lastLots, lastTicks;
  uint64_t cumTicksLow, cumTicksHigh, feeLow, feeHigh;
  int64_t tradeID;
  uint8_t side, type, tif, exec, status, liquidity; uint16_t reason;
};
struct TradeEvent { EventHeader h; int64_t tradeID, ticks, lots; uint8_t side, pad[7]; };
struct LevelEvent { EventHeader h; int64_t ticks, lots; uint8_t side, pad[7]; };

struct Hash { uint64_t tag; uint32_t check; };

uint64_t fold(uint64_t a, uint64_t b) { const u128 p = (u128)a * b; return (uint64_t)p ^ (uint64_t)(p >> 64); }

Hash hashOf(int32_t session, const Text40& t) {
  constexpr uint64_t key = 0x5EED5EED5EED5EEDull;
  const uint64_t first = t.w[0] ^ key, second = t.w[1], last = t.w[4];
  uint64_t hash = fold(first ^ 0xA0761D6478BD642Full, second ^ 0xE7037ED1A0B428DBull);
  uint64_t check = first * 0x9E3779B97F4A7C15ull + second * 0xC2B2AE3D27D4EB4Full;
  if (t.w[2] | t.w[3]) {
    hash ^= fold(t.w[2] ^ key ^ 0x8EBC6AF09C88C6E3ull, t.w[3] ^ 0x589965CC75374CC3ull);
    check += t.w[2] * 0x165667B19E3779F9ull + t.w[3] * 0xD6E8FEB86659FD93ull;
  }
  check = (check ^ check >> 32) * 0xFF51AFD7ED558CCDull + last * 0x27D4EB2F165667C5ull + (uint32_t)session * 0x9FB21C651E98DF25ull;
  return {fold(hash ^ last, (uint32_t)session ^ key ^ 0x1D8E4E27C47D124Full) | 1, (uint32_t)(check >> 55)};
}

/// Ids by hash, in buckets of a line, forgotten oldest first.
class Ids {
  struct Bucket { uint64_t tags[5]; uint32_t words[5]; uint32_t passed; };
  static_assert(sizeof(Bucket) == 64);
  static constexpr uint32_t kSlotMask = (1 << 23) - 1;
  uint32_t capacity_, count_, oldest_ = 0, releasedCount_ = 0, used_ = 0;
  Table<Bucket> buckets_;
  Table<uint32_t> released_;

  uint32_t homeOf(uint64_t tag) const { return 1 + (uint32_t)((tag >> 32) * count_ >> 32); }
  uint32_t after(uint32_t at) const { return at == count_ ? 1 : at + 1; }
  uint32_t wrapped(uint32_t at) const { return at < capacity_ ? at : at - capacity_; }
  static unsigned matches(const Bucket& b, uint64_t tag) {
#ifdef __AVX512F__
    return _mm512_cmpeq_epi64_mask(_mm512_loadu_si512(&b), _mm512_set1_epi64((long long)tag)) & 31;
#else
    unsigned m = 0;
    for (int i = 0; i < 5; ++i) m |= (unsigned)(b.tags[i] == tag) << i;
    return m;
#endif
  }
  void forget() {
    const uint32_t place = released_[oldest_];
    oldest_ = wrapped(oldest_ + 1); --releasedCount_;
    uint64_t& tag = buckets_[place >> 4].tags[place & 7];
    if (place & 8)
      for (uint32_t at = homeOf(tag); at != place >> 4; at = after(at)) --buckets_[at].passed;
    tag = 0;
    const uint32_t soon = released_[wrapped(oldest_ + 4)];
    __builtin_prefetch(&buckets_[soon >> 4]);
    __builtin_prefetch(&buckets_[(soon >> 4) - (soon >> 3 & 1)]);
  }

 public:
  explicit Ids(uint32_t capacity) : capacity_(capacity + 1), count_(capacity_ / 3 + 1), buckets_(count_ + 2), released_(capacity_ + 8) {}
  void prefetch(const Hash& hash) const { const uint32_t home = homeOf(hash.tag); __builtin_prefetch(&buckets_[home]); __builtin_prefetch(&buckets_[after(home)]); }
  uint32_t slotAt(uint32_t place) const { return buckets_[place >> 4].words[place & 7] & kSlotMask; }
  uint32_t find(const Hash& hash) const {
    uint32_t passed = 0;
    for (uint32_t at = homeOf(hash.tag);; at = after(at), passed = 8) {
      const Bucket& b = buckets_[at];
      for (unsigned m = matches(b, hash.tag); m; m &= m - 1) {
        const int entry = __builtin_ctz(m);
        if (b.words[entry] >> 23 == hash.check) return at << 4 | passed | entry;
      }
      if (!b.passed) return 0;
    }
  }
  uint32_t add(const Hash& hash, uint32_t slot) {
    if (used_ < capacity_) ++used_; else forget();
    uint32_t at = homeOf(hash.tag), passed = 0;
    unsigned free = matches(buckets_[at], 0);
    while (!free) { ++buckets_[at].passed; at = after(at); passed = 8; free = matches(buckets_[at], 0); }
    const int entry = __builtin_ctz(free);
    buckets_[at].tags[entry] = hash.tag;
    buckets_[at].words[entry] = hash.check << 23 | slot;
    return at << 4 | passed | entry;
  }
  void release(uint32_t place) { released_[wrapped(oldest_ + releasedCount_++)] = place; }
};

u128 notional(int64_t ticks, int64_t lots, int64_t tickLotAtoms) {
  uint64_t a, b;
  if (!__builtin_mul_overflow((uint64_t)ticks, (uint64_t)lots, &a) && !__builtin_mul_overflow(a, (uint64_t)tickLotAtoms, &b)) return b;
  return (u128)(uint64_t)ticks * (uint64_t)lots * (uint64_t)tickLotAtoms;
}
i128 fee(u128 notional, int ppm) {
  if (notional >> 64) return (i128)(notional / 1000000 * (unsigned)ppm + notional % 1000000 * (unsigned)ppm / 1000000);
  const uint64_t n = (uint64_t)notional, whole = n / 1000000;
  return (i128)((u128)(whole * (unsigned)ppm) + (n - whole * 1000000) * (unsigned)ppm / 1000000);
}

class Duties {
  struct Order {
    // The line that matching and cancels change.
    int64_t left; uint32_t prev, next, level; int32_t signedTicks;
    int64_t lots, cum; int32_t ticks, session; uint32_t makerPpm, takerPpmAndBits; int32_t generation; uint32_t place;
    // The line that reports want.
    Text40 id; uint64_t cumTicks; uint32_t entered; uint16_t enteredHigh, symbol; uint32_t before, after;
  };
  static_assert(sizeof(Order) == 128);
  static constexpr uint32_t kSell = 1 << 24, kOpen = 4 << 24, kRate = (1 << 20) - 1;
  struct Level { int64_t lots; uint32_t head, tail; };
  struct Side {
    Table<Level> levels{kTicks};
    int32_t best;
    uint64_t top[kTicks / 4096] = {}, bits[kTicks / 64] = {};
  };
  struct Balance { i128 available, held, withdrawing, line; };
  struct Instrument {
    Side sides[2];
    int32_t number, makerPpm = 200, takerPpm = 500, bandPpm = 0;
    int64_t lotAtoms = 10000, tickLotAtoms = 100, minLots = 1, maxLots = 100000, maxTicks = kTicks, lastTrade = 0, reference = 0, last = 0;
    int special = 0;
  };
  struct Ends { uint32_t first, last; };
  struct Hint { Hash named; uint32_t slot; Level* level; };

  Table<Order> orders_;
  Ids ids_;
  std::vector<std::unique_ptr<Instrument>> instruments_;
  std::vector<Balance> balances_ = std::vector<Balance>((kFirms + 1) * 4);
  std::vector<int> firmOf_ = std::vector<int>(kFirms + 1), groupOf_ = std::vector<int>(kFirms + 1);
  std::vector<Ends> ends_ = std::vector<Ends>(kFirms + 1);
  uint32_t capacity_, used_ = 0, closedHead_ = 0, closedTail_ = 0, closedCount_ = 0;
  uint64_t entered_ = 0, counts_[256] = {}, refused_ = 0;
  int64_t seq_ = 0, time_ = 0, due_ = INT64_MAX, trades_ = 0;
  int index_ = 0, walks_ = 0, trips_ = 0, kills_ = 0;
  bool watches_ = false, margins_ = false, followed_ = false;
  int32_t touched_[2048];
  int touchedCount_ = 0;
  uint32_t taker_ = 0, maker_ = 0, takerID_ = 0;
  Report report_ = {};
  TradeEvent trade_ = {};
  LevelEvent level_ = {};
  Hint hints_[8] = {};
  int hinted_ = 0;

  static uint8_t sideOf(const Order& o) { return (o.takerPpmAndBits & kSell) != 0; }
  static bool isOpen(const Order& o) { return o.takerPpmAndBits & kOpen; }
  Balance& balance(int firm, int asset) { return balances_[firm * 4 + asset]; }
  i128 hold(const Instrument& in, int side, int64_t ticks, int64_t lots, int ppm) {
    if (side) return (i128)((u128)(uint64_t)lots * (uint64_t)in.lotAtoms);
    const u128 n = notional(ticks, lots, in.tickLotAtoms);
    return (i128)n + fee(n, ppm);
  }
  i128 holdOf(const Order& o, const Instrument& in) {
    return hold(in, sideOf(o), o.ticks, isOpen(o) ? o.lots - o.cum : 0, std::max(o.makerPpm, o.takerPpmAndBits & kRate));
  }

  // Events.
  void begin(EventHeader& h, uint8_t type, uint8_t version, uint16_t length, int session, int symbol) {
    h.seq = seq_; h.time = time_; h.index = index_++; h.session = session; h.type = type; h.version = version; h.length = length; h.symbol = symbol;
  }
  static uint32_t numberOf(const Text40& id) {
#ifdef __BMI2__
    return _pext_u32((uint32_t)id.w[0] - 0x30303030u, 0x3F3F3F3F);
#else
    const uint32_t w = (uint32_t)id.w[0] - 0x30303030u;
    return (w & 0x3F) | (w >> 2 & 0xFC0) | (w >> 4 & 0x3F000) | (w >> 6 & 0xFC0000);
#endif
  }
  __attribute__((noinline)) void tell(const Report& e) {
    const uint32_t id = numberOf(e.id);
    if (e.exec != kExecTrade) {
      Answer& a = g_sink.next();
      a.type = e.exec; a.side = e.side; a.symbol = (uint16_t)e.h.symbol; a.lots = (uint32_t)e.leaves; a.first = id; a.second = 0; a.ticks = (int32_t)e.ticks;
    } else if (e.liquidity == 1) maker_ = id;
    else takerID_ = id;
  }
  Report& begin(uint32_t slot, uint8_t exec, uint16_t reason) {
    const Order& o = orders_[slot];
    Report& e = report_;
    begin(e.h, 16, 2, sizeof e, o.session, o.symbol);
    e.id = o.id; e.of = {};
    e.orderID = (int64_t)o.generation << 32 | slot;
    e.ticks = o.ticks; e.lots = o.lots; e.cum = o.cum; e.leaves = isOpen(o) ? o.lots - o.cum : 0;
    e.lastLots = e.lastTicks = 0; e.cumTicksLow = o.cumTicks; e.cumTicksHigh = 0; e.feeLow = e.feeHigh = 0; e.tradeID = 0;
    e.side = sideOf(o); e.type = 2; e.tif = 1; e.exec = exec;
    e.status = o.cum == o.lots ? 2 : !isOpen(o) ? 4 : o.cum > 0 ? 1 : 0;
    e.liquidity = 0; e.reason = reason;
    return e;
  }
  void touch(int side, int32_t ticks) {
    const int32_t level = side ? -ticks : ticks;
    if (touchedCount_ > 0 && (touched_[touchedCount_ - 1] == level || touched_[0] == level)) return;
    touched_[touchedCount_++] = level;
  }
  void tellLevels(Instrument& in) {
    for (int i = 0; i < touchedCount_; ++i) {
      const int side = touched_[i] < 0;
      const int32_t ticks = abs(touched_[i]);
      begin(level_.h, 19, 1, sizeof level_, 0, in.number);
      level_.ticks = ticks; level_.lots = in.sides[side].levels[ticks].lots; level_.side = (uint8_t)side;
      Answer& a = g_sink.next();
      a.type = 10; a.side = level_.side; a.symbol = (uint16_t)in.number; a.lots = (uint32_t)level_.lots; a.first = a.second = 0; a.ticks = ticks;
    }
  }

  // Orders and their sessions' lists.
  uint32_t take() {
    uint32_t slot;
    if (used_ < capacity_) slot = ++used_;
    else { slot = closedHead_; closedHead_ = orders_[slot].next; if (!closedHead_) closedTail_ = 0; --closedCount_; }
    const Order* soon = &orders_[used_ < capacity_ ? used_ + 4 : closedHead_];
    __builtin_prefetch(soon); __builtin_prefetch((const char*)soon + 64);
    Order& o = orders_[slot];
    const int32_t generation = o.generation + 1;
    memset((void*)&o, 0, sizeof o);
    o.generation = generation;
    return slot;
  }
  void link(uint32_t slot, int session) {
    Ends& e = ends_[session]; Order& o = orders_[slot];
    o.before = e.last; o.after = 0; o.entered = (uint32_t)++entered_; o.enteredHigh = (uint16_t)(entered_ >> 32);
    if (e.last) orders_[e.last].after = slot; else e.first = slot;
    e.last = slot;
  }
  void finish(uint32_t slot) {
    Order& o = orders_[slot];
    Ends& e = ends_[o.session];
    if (o.before) orders_[o.before].after = o.after; else e.first = o.after;
    if (o.after) orders_[o.after].before = o.before; else e.last = o.before;
    o.takerPpmAndBits &= ~kOpen;
    o.next = 0;
    if (closedTail_) orders_[closedTail_].next = slot; else closedHead_ = slot;
    closedTail_ = slot; ++closedCount_;
    ids_.release(o.place);
  }

  // The book.
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
  static bool crosses(const Instrument& in, int side, int32_t limit) {
    const int32_t best = in.sides[side ^ 1].best;
    return side == 0 ? best <= limit : best >= limit && best > 0;
  }
  void rest(Instrument& in, uint32_t slot, int side, int32_t ticks, int64_t lots) {
    Side& s = in.sides[side]; Level& l = s.levels[ticks]; Order& o = orders_[slot];
    o.left = lots; o.prev = l.tail; o.next = 0; o.level = (uint32_t)ticks; o.signedTicks = side ? -ticks : ticks;
    l.lots += lots;
    if (l.tail) orders_[l.tail].next = slot;
    else {
      l.head = slot;
      s.bits[ticks >> 6] |= 1ull << (ticks & 63); s.top[ticks >> 12] |= 1ull << ((ticks >> 6) & 63);
      if (side == 0 ? ticks > s.best : ticks < s.best) s.best = ticks;
    }
    l.tail = slot;
  }
  void unrest(Instrument& in, uint32_t slot) {
    Order& o = orders_[slot]; const int side = o.signedTicks < 0; Side& s = in.sides[side]; Level& l = s.levels[o.level];
    l.lots -= o.left; o.left = 0;
    if (o.prev) orders_[o.prev].next = o.next; else l.head = o.next;
    if (o.next) orders_[o.next].prev = o.prev; else l.tail = o.prev;
    if (!l.head) close(s, side, (int32_t)o.level);
  }
  void settle(Order& o, Instrument& in, int64_t lots, i128 paid, i128 fees) {
    const int firm = firmOf_[o.session];
    Balance &quote = balance(firm, 1), &base = balance(firm, 2);
    const int64_t leaves = o.lots - o.cum;
    const i128 atoms = (i128)((u128)(uint64_t)lots * (uint64_t)in.lotAtoms);
    if (!sideOf(o)) {
      const int ppm = (int)std::max(o.makerPpm, o.takerPpmAndBits & kRate);
      const i128 released = hold(in, 0, o.ticks, leaves, ppm) - hold(in, 0, o.ticks, leaves - lots, ppm);
      quote.held -= released;
      quote.available += released - paid - fees;
      base.available += atoms;
    } else {
      base.held -= atoms;
      quote.available += paid - fees;
    }
    o.cum += lots;
  }
  void execute(uint32_t slot, Instrument& in, int32_t ticks, int64_t lots) {
    Order &maker = orders_[slot], &taker = orders_[taker_];
    const Order* soon = &orders_[maker.next];
    __builtin_prefetch(soon); __builtin_prefetch((const char*)soon + 64);
    const int64_t id = ++in.lastTrade;
    in.reference = in.last = ticks; ++trades_;
    const u128 n = notional(ticks, lots, in.tickLotAtoms);
    const i128 makerFee = fee(n, (int)maker.makerPpm), takerFee = fee(n, (int)(taker.takerPpmAndBits & kRate));
    settle(maker, in, lots, (i128)n, makerFee);
    settle(taker, in, lots, (i128)n, takerFee);
    balance(0, 1).available += makerFee + takerFee;
    maker.cumTicks += (uint64_t)ticks * (uint64_t)lots;
    taker.cumTicks += (uint64_t)ticks * (uint64_t)lots;
    if (maker.cum == maker.lots) finish(slot);
    tellTrade(slot, 1, ticks, lots, makerFee, id);
    tellTrade(taker_, 2, ticks, lots, takerFee, id);
    begin(trade_.h, 18, 1, sizeof trade_, 0, in.number);
    trade_.tradeID = id; trade_.ticks = ticks; trade_.lots = lots; trade_.side = sideOf(taker);
    g_sink.trade(maker_, takerID_, ticks, (uint32_t)lots);
  }
  void tellTrade(uint32_t slot, uint8_t liquidity, int32_t ticks, int64_t lots, i128 fees, int64_t id) {
    Report& e = begin(slot, kExecTrade, 0);
    e.lastLots = lots; e.lastTicks = ticks; e.feeLow = (uint64_t)fees; e.feeHigh = (uint64_t)(fees >> 64); e.tradeID = id; e.liquidity = liquidity;
    tell(e);
  }
  int64_t match(Instrument& in, int side, int32_t limit, int64_t left) {
    Side& s = in.sides[side ^ 1];
    while (left > 0 && crosses(in, side, limit)) {
      const int32_t ticks = s.best;
      Level& l = s.levels[ticks];
      do {
        const uint32_t slot = l.head;
        Order& maker = orders_[slot];
        const int64_t fill = std::min(left, maker.left);
        left -= fill; l.lots -= fill; maker.left -= fill;
        if (followed_) abort();
        if (!maker.left) { l.head = maker.next; if (maker.next) orders_[maker.next].prev = 0; else l.tail = 0; }
        touch(side ^ 1, ticks);
        execute(slot, in, ticks, fill);
      } while (left > 0 && l.head);
      if (!l.head) close(s, side ^ 1, ticks);
    }
    return left;
  }
  void enter(uint32_t slot, Instrument& in) {
    const Order& o = orders_[slot];
    const int side = sideOf(o);
    int64_t left = o.lots - o.cum;
    if (crosses(in, side, o.ticks)) {
      taker_ = slot;
      left = match(in, side, o.ticks, left);
      if (!left) { finish(slot); return; }
    }
    rest(in, slot, side, o.ticks, left);
    touch(side, o.ticks);
  }

  // Requests.
  int checkPrice(const Instrument& in, int64_t ticks, int64_t lots, uint8_t flags) {
    if (flags & 3) return 5;
    if (ticks < 1 || ticks > in.maxTicks) return 5;
    if (in.bandPpm > 0 && in.reference > 0) {
      const int64_t width = in.reference * in.bandPpm / 1000000;
      if (ticks < in.reference - width || ticks > in.reference + width) return 5;
    }
    if (flags & 12) return 6;
    return lots < in.minLots || lots > in.maxLots ? 6 : 0;
  }
  Instrument* instrumentOf(int number) { return (unsigned)number < instruments_.size() ? instruments_[number].get() : nullptr; }
  int firm(int session) { return (unsigned)session < firmOf_.size() ? firmOf_[session] : 0; }
  int check(const New& c, const Hash& hash, Instrument* in, i128& need) {
    const int f = firm(c.h.session);
    if (!f) return 1;
    if (!in) return 2;
    if (ids_.find(hash)) return 2;
    if (c.type != 2 || c.tif != 1 || c.side > 1) return 3;
    if (const int reason = checkPrice(*in, c.ticks, c.lots, c.flags)) return reason;
    need = hold(*in, c.side, c.ticks, c.lots, std::max(in->makerPpm, in->takerPpm));
    if (watches_ || margins_) return 7;
    if (balance(f, c.side ? 2 : 1).available < need) return 14;
    if (used_ >= capacity_ && !closedCount_) return 16;
    return kills_ > 0 ? 17 : 0;
  }
  void on(const New& c) {
    Instrument* in = instrumentOf(c.symbol);
    if (c.tif != 1 || (in && in->special) || groupOf_[c.h.session]) { ++refused_; return; }
    const Hash hash = hashOf(c.h.session, c.id);
    i128 need = 0;
    if (check(c, hash, in, need)) { ++refused_; return; }
    const uint32_t slot = take();
    Order& o = orders_[slot];
    o.symbol = (uint16_t)in->number; o.lots = c.lots; o.ticks = (int32_t)c.ticks; o.session = c.h.session; o.id = c.id;
    o.place = ids_.add(hash, slot);
    o.makerPpm = (uint32_t)in->makerPpm; o.takerPpmAndBits = (uint32_t)in->takerPpm | kOpen | (c.side ? kSell : 0);
    link(slot, c.h.session);
    tell(begin(slot, kExecNew, 0));
    touchedCount_ = 0;
    Balance& b = balance(firm(c.h.session), c.side ? 2 : 1);
    b.available -= need; b.held += need;
    enter(slot, *in);
    end(*in);
  }
  void end(Instrument& in) { if (trips_) abort(); tellLevels(in); }
  uint32_t find(int session, const Text40& id, int64_t orderID, int symbol, int side) {
    const uint32_t slot = ids_.slotAt(ids_.find(hashOf(session, id)));
    const Order& o = orders_[slot];
    if (o.session != session || !(o.id == id) || !slot) return 0;
    if (orderID && orderID != ((int64_t)o.generation << 32 | slot)) return 0;
    if (symbol && symbol != o.symbol) return 0;
    return side >= 0 && side != sideOf(o) ? 0 : slot;
  }
  int checkRequest(int session, uint32_t slot, const Hash& hash) {
    if (!firm(session)) return 1;
    if (ids_.find(hash)) return 2;
    if (!slot) return 2;
    return isOpen(orders_[slot]) && !margins_ ? 0 : 2;
  }
  void moveHold(Order& o, Instrument& in, i128 atoms) {
    Balance& b = balance(firmOf_[o.session], sideOf(o) ? 2 : 1);
    b.available -= atoms; b.held += atoms;
  }
  void tellAnswer(uint32_t slot, uint8_t exec, uint16_t reason, const Text40& id, const Text40& of) {
    Report& e = begin(slot, exec, reason);
    e.id = id; e.of = of;
    tell(e);
  }
  void on(const Cancel& c) {
    const Hash hash = hashOf(c.h.session, c.id);
    const uint32_t slot = find(c.h.session, c.of, c.orderID, c.symbol, c.side);
    if (checkRequest(c.h.session, slot, hash)) { ++refused_; return; }
    Order& o = orders_[slot];
    Instrument& in = *instruments_[o.symbol];
    ids_.release(ids_.add(hash, 0));
    touchedCount_ = 0;
    touch(sideOf(o), o.ticks);
    unrest(in, slot);
    moveHold(o, in, -holdOf(o, in));
    finish(slot);
    tellAnswer(slot, kExecCanceled, 1, c.id, c.of);
    tellLevels(in);
  }
  void on(const Replace& c) {
    const Hash hash = hashOf(c.h.session, c.id);
    const uint32_t slot = find(c.h.session, c.of, c.orderID, 0, -1);
    if (checkRequest(c.h.session, slot, hash)) { ++refused_; return; }
    Order& o = orders_[slot];
    Instrument& in = *instruments_[o.symbol];
    const int side = sideOf(o);
    if (c.symbol != o.symbol || c.side != side || c.type != 2 || checkPrice(in, c.ticks, c.lots, c.flags)) { ++refused_; return; }
    const i128 before = holdOf(o, in);
    const i128 more = hold(in, side, c.ticks, std::max<int64_t>(c.lots - o.cum, 0), (int)std::max(o.makerPpm, o.takerPpmAndBits & kRate)) - before;
    if (more > balance(firm(c.h.session), side ? 2 : 1).available || watches_) { ++refused_; return; }
    touchedCount_ = 0;
    touch(side, o.ticks);
    const uint32_t old = o.place;
    o.place = ids_.add(hash, slot); o.id = c.id;
    ids_.release(old);
    const bool keeps = c.ticks == o.ticks && c.lots <= o.lots && c.lots > o.cum;
    o.lots = std::max(c.lots, o.cum);
    if (keeps) { in.sides[side].levels[o.level].lots -= o.left - (o.lots - o.cum); o.left = o.lots - o.cum; }
    else unrest(in, slot);
    o.ticks = (int32_t)c.ticks;
    moveHold(o, in, more);
    if (o.lots == o.cum) finish(slot);
    tellAnswer(slot, kExecReplaced, 0, c.id, c.of);
    if (!keeps && isOpen(o)) enter(slot, in);
    end(in);
  }
  __attribute__((always_inline)) void apply(const Header& h) {
    if (h.version != 1 || h.length != kLengths[h.type] || h.seq != seq_ + 1 || h.time < time_) { ++refused_; return; }
    seq_ = h.seq; time_ = h.time; index_ = 0; ++counts_[h.type];
    if (time_ >= due_) abort();
    switch (h.type) {
      case kNew: on((const New&)h); break;
      case kCancel: on((const Cancel&)h); break;
      case kReplace: on((const Replace&)h); break;
      default: ++refused_;
    }
  }

  // Hints: the chain of what a command will need, a link further with every second command.
  Hash hint(int session, const Text40& id) { const Hash hash = hashOf(session, id); ids_.prefetch(hash); return hash; }
  void prefetch(const Header& h) {
    const int at = ++hinted_;
    if (const uint32_t known = hints_[(at - 4) & 7].slot) {
      const Order& o = orders_[known];
      Instrument& in = *instruments_[o.symbol];
      __builtin_prefetch(&in.sides[sideOf(o)].levels[o.level]);
      __builtin_prefetch(&orders_[o.prev]); __builtin_prefetch(&orders_[o.next]);
      __builtin_prefetch((const char*)&orders_[o.before] + 64); __builtin_prefetch((const char*)&orders_[o.after] + 64);
    }
    Hint& named = hints_[(at - 2) & 7];
    if (named.level) __builtin_prefetch(&orders_[named.level->tail]);
    if (named.named.tag) {
      if (const uint32_t slot = ids_.slotAt(ids_.find(named.named))) {
        named.slot = slot;
        __builtin_prefetch(&orders_[slot]); __builtin_prefetch((const char*)&orders_[slot] + 64);
      }
    }
    Hint& now = hints_[at & 7];
    now = {};
    if (h.type == kNew) {
      const New& c = (const New&)h;
      hint(h.session, c.id);
      Instrument& in = *instruments_[c.symbol];
      if (crosses(in, c.side, (int32_t)c.ticks)) {
        Side& s = in.sides[c.side ^ 1];
        now.slot = s.levels[s.best].head;
        __builtin_prefetch(&orders_[now.slot]); __builtin_prefetch((const char*)&orders_[now.slot] + 64);
      } else { now.level = &in.sides[c.side].levels[c.ticks]; __builtin_prefetch(now.level); }
    } else if (h.type == kCancel) {
      const Cancel& c = (const Cancel&)h;
      hint(h.session, c.id);
      now.named = hint(h.session, c.of);
    } else {
      const Replace& c = (const Replace&)h;
      hint(h.session, c.id);
      now.named = hint(h.session, c.of);
      now.level = &instruments_[c.symbol]->sides[c.side].levels[c.ticks];
      __builtin_prefetch(now.level);
    }
  }

  // The commands of a chunk.
  std::vector<Text40> idOf_;
  std::vector<uint64_t> commands_ = std::vector<uint64_t>(5000 * 18);
  std::vector<uint32_t> startOf_ = std::vector<uint32_t>(5001);
  uint32_t prepared_ = 0;
  int64_t nextSeq_ = 0;
  uint32_t lastID_ = 0;

  Text40 nextID(uint32_t order) {
    char text[48] = {};
    for (int i = 0; i < 4; ++i) text[i] = (char)('0' + (order >> (6 * i) & 63));
    snprintf(text + 4, sizeof text - 4, "%08u", ++lastID_);
    Text40 id;
    memcpy(&id, text, sizeof id);
    ((char*)&id)[39] = 12;   // its length, as the engine's texts have it
    return id;
  }
  template <class T>
  T& write(uint32_t i, uint8_t type, const Message& m) {
    T& c = *(T*)&commands_[startOf_[i]];
    memset((void*)&c, 0, sizeof c);
    c.h = {++nextSeq_, nextSeq_, 1 + (int32_t)(m.id % kFirms), 0, type, 1, sizeof c, 0};
    c.symbol = m.symbol; c.side = m.side;
    startOf_[i + 1] = startOf_[i] + sizeof c / 8;
    return c;
  }

 public:
  explicit Duties(const Head& h) : orders_(std::max(kRemembered, h.maxLive + 2) + 8), ids_(2 * std::max(kRemembered, h.maxLive + 2)), capacity_(std::max(kRemembered, h.maxLive + 2)), idOf_(h.maxId + 1) {
    for (uint32_t i = 0; i < h.symbols; ++i) {
      instruments_.push_back(std::make_unique<Instrument>());
      instruments_[i]->number = (int32_t)i;
      instruments_[i]->sides[0].best = 0; instruments_[i]->sides[1].best = kTicks;
    }
    for (int f = 1; f <= kFirms; ++f) {
      firmOf_[f] = f;
      for (int asset = 1; asset <= 2; ++asset) balance(f, asset).available = (i128)1 << 100;
    }
  }
  ~Duties() {
    if (refused_) { fprintf(stderr, "%llu commands were refused\n", (unsigned long long)refused_); exit(1); }
    i128 sum[3] = {};
    for (int f = 0; f <= kFirms; ++f) for (int a = 1; a <= 2; ++a) sum[a] += balance(f, a).available + balance(f, a).held;
    for (int a = 1; a <= 2; ++a) if (sum[a] != (i128)kFirms << 100) { fprintf(stderr, "money was made or lost\n"); exit(1); }
  }
  void prepare(const Message* messages, const uint32_t* totals, uint32_t count) {
    prepared_ = count;
    for (uint32_t i = 0; i < count; ++i) {
      const Message& m = messages[i];
      if (m.op == 1) { Cancel& c = write<Cancel>(i, kCancel, m); c.id = nextID(m.id); c.of = idOf_[m.id]; }
      else if (m.op == 2) {
        Replace& c = write<Replace>(i, kReplace, m);
        c.of = idOf_[m.id]; c.id = idOf_[m.id] = nextID(m.id); c.ticks = m.ticks; c.lots = totals[i]; c.type = 2; c.tif = 1;
      } else { New& c = write<New>(i, kNew, m); c.id = idOf_[m.id] = nextID(m.id); c.ticks = m.ticks; c.lots = m.lots; c.type = 2; c.tif = 1; }
    }
  }
  void run(uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; ++i) {
      if (i + 6 < prepared_) prefetch((const Header&)commands_[startOf_[i + 6]]);
      apply((const Header&)commands_[startOf_[i]]);
    }
  }
};

}  // namespace

int main(int argc, char** argv) { return measure<Duties>(argc, argv); }
