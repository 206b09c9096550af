// Says at once when the figures are old: the beat is the core's own time, so that a lost connection, a dead server and
// a core that stands still all look the same.
(() => {
    "use strict";
    const oldAfterMs = 1500, lookEveryMs = 200, reloadEveryMs = 3000;
    let beat = null, changedAt = performance.now(), triedAt = 0, isLost = false;
    const banner = document.createElement("div");
    banner.id = "stale";
    banner.setAttribute("role", "alert");

    document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", e => {
        isLost = e.detail.state === "failed" || e.detail.state === "rejected";
    });

    async function reload(now) {
        if (!isLost || now - triedAt < reloadEveryMs) return;
        triedAt = now;
        const answer = await fetch("desk.svg", { cache: "no-store" }).catch(() => null);
        if (answer?.ok) location.reload();
    }

    setInterval(() => {
        if (document.querySelector(".sign-in")) return;
        const now = performance.now();
        const seen = document.getElementById("beat")?.dataset.beat ?? null;
        if (seen !== beat) {
            beat = seen;
            changedAt = now;
        }
        const isOld = now - changedAt > oldAfterMs;
        document.body.classList.toggle("old", isOld);
        if (isOld) {
            banner.textContent = `NOT LIVE: nothing heard from the bridge for ${Math.floor((now - changedAt) / 1000)} s. What is shown is old.`;
            if (!banner.isConnected) document.body.append(banner);
            reload(now);
        } else {
            banner.remove();
        }
    }, lookEveryMs);
})();
