// Runs in the page before its own scripts: what a visitor feels, as Core Web Vitals count it.
window.vitals = { lcp: 0, cls: 0, interactions: [], longTasks: [] };
{
  const watch = (type, take, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
  watch('largest-contentful-paint', (entry) => {
    window.vitals.lcp = entry.startTime;
  });
  // A window of shifts ends after a second without one, and after five in all; the worst counts.
  let shift = { from: 0, to: 0, sum: 0 };
  watch('layout-shift', (entry) => {
    if (entry.hadRecentInput) return;
    const goesOn = entry.startTime - shift.to < 1_000 && entry.startTime - shift.from < 5_000;
    if (!goesOn) shift = { from: entry.startTime, to: 0, sum: 0 };
    shift.to = entry.startTime;
    shift.sum += entry.value;
    window.vitals.cls = Math.max(window.vitals.cls, shift.sum);
  });
  watch(
    'event',
    (entry) => {
      if (entry.interactionId > 0)
        window.vitals.interactions.push({ name: entry.name, at: entry.startTime, ms: entry.duration });
    },
    { durationThreshold: 16 },
  );
  watch('longtask', (entry) => {
    window.vitals.longTasks.push({ at: entry.startTime, ms: entry.duration });
  });
}
