// What both yardsticks share: the flow, where answers and trades are written, the clocks, and how a flow is run and timed.
// A flow file: symbols, set-up messages, messages, trades, highest id, most orders at once (u32 each), trade hash (u64), then 16 bytes a message, then of each its order's whole quantity (u32).
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

double cpuNs() { timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
double wallNs() { timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
double residentBytes() {
  long all = 0, resident = 0;
  FILE* f = fopen("/proc/self/statm", "r");
  if (!f || fscanf(f, "%ld %ld", &all, &resident) != 2) exit(2);
  fclose(f);
  return (double)resident * sysconf(_SC_PAGESIZE);
}

/// Runs a flow through Engine(Head), which has: prepare(first message, total lots, count), outside the clock, and run(from, to) within what was prepared.
template <class Engine>
int measure(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string mode = argv[2];
  const int repetitions = argc > 3 ? atoi(argv[3]) : 3;
  FILE* f = fopen(argv[1], "rb");
  Head h;
  if (!f || fread(&h, sizeof h, 1, f) != 1) return 2;
  std::vector<Message> messages(h.total);
  std::vector<uint32_t> totals(h.total);
  if (fread(messages.data(), sizeof(Message), h.total, f) != h.total || fread(totals.data(), 4, h.total, f) != h.total) return 2;
  fclose(f);
  const uint32_t timed = h.total - h.setUp, chunk = 5000;
  auto pass = [&](Engine& engine, uint32_t from, uint32_t to) {
    for (; from < to; from += chunk) {
      const uint32_t count = std::min(chunk, to - from);
      engine.prepare(&messages[from], &totals[from], count);
      engine.run(0, count);
    }
  };

  if (mode == "mem") {
    const double before = residentBytes();
    auto engine = std::make_unique<Engine>(h);
    pass(*engine, 0, h.total);
    printf("bytes %.1f\n", (residentBytes() - before) / h.maxLive);
    return 0;
  }
  std::vector<double> best(mode == "lat" ? timed : (timed + chunk - 1) / chunk, 1e18), sums;
  for (int r = 0; r < repetitions; ++r) {
    auto engine = std::make_unique<Engine>(h);
    g_sink.count = g_sink.trades = 0; g_sink.hash = kNoTrades;
    pass(*engine, 0, h.setUp);
    double sum = 0;
    for (uint32_t from = h.setUp, k = 0; from < h.total; from += chunk) {
      const uint32_t count = std::min(chunk, h.total - from);
      engine->prepare(&messages[from], &totals[from], count);
      if (mode != "lat") {
        const double started = cpuNs();
        engine->run(0, count);
        const double spent = cpuNs() - started;
        best[k] = std::min(best[k], spent); ++k;
        sum += spent;
        continue;
      }
      for (uint32_t i = 0; i < count; ++i, ++k) {
        const double started = wallNs();
        engine->run(i, i + 1);
        best[k] = std::min(best[k], wallNs() - started);
      }
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
  return 0;
}

}  // namespace
