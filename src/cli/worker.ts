/** One of the threads of a check: takes one file after another until none is left. */

import { parentPort, workerData } from 'node:worker_threads'
import { type Done, fileExaminer, take } from './examine.js'
import type { Assignment } from './pool.js'
import { ruleSet } from './rule-set.js'

const { tasks, order, taken, options, dirs } = workerData as Assignment
const rules = await ruleSet(dirs, options.lang)
const examine = fileExaminer({ ...options, rules })
for (const number of order) {
  const task = tasks[number]
  if (task === undefined || !take(taken, number)) continue
  let done: Done | null = null
  try {
    done = examine.file(task)
  } catch {
    // The main thread tries it again, and fails as it would have without this one.
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window, a thread
  parentPort?.postMessage([number, done])
}
