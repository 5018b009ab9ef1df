/** The worker thread's program: says that it is ready, then is sent texts and answers with their counts. */
import { parentPort } from 'node:worker_threads'
import { createTextCounter } from './count-text.ts'

const countText = createTextCounter()
parentPort?.on('message', (texts: readonly string[]) => {
  parentPort?.postMessage(texts.map(countText), [])
})
parentPort?.postMessage('ready', [])
