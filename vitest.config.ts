import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,console,simulator,bench,test,tools}/**/*.test.ts'],
    globalSetup: ['test/run-folder.ts'],
    // The suites share no module state (no singletons), so one process per worker is safe and 5x faster.
    isolate: false,
    // Much of it waits: for sockets, a browser, time-outs of the system. Three at once, even where there are two processors.
    maxWorkers: 3,
    restoreMocks: true,
    // Ends what hangs, and nothing that is slow because the machine has other things to do.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
})
