/** Examines files on several threads, this one among them, and gives the results in the order of the files. */

import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RuleSet } from '../rules/types.js'
import type { Cache } from './cache.js'
import { type Done, fileExaminer, type FileOptions, take, type Task } from './examine.js'

/** What a thread needs to begin. */
export interface Assignment {
  readonly tasks: readonly Task[]
  /** Numbers of the tasks to do, in the order in which the other threads look for one. */
  readonly order: readonly number[]
  /** By task, 1 once a thread has it; shared by all. */
  readonly taken: Int32Array
  readonly options: FileOptions
  /** Folders of further rules. */
  readonly dirs: readonly string[]
}

/** The bytes of standard input, or one sentence that says why they are not checked. */
export type Input = Uint8Array | { readonly message: string }

/** Text for which one more thread is worth its start, in bytes: it loads and compiles the program and the rules again. */
const ENOUGH = 800_000
/** More would wait for memory, which each takes anew. */
const MOST = 8
/** Results of later documents that wait for an earlier one are this many at most, more or less. */
const AHEAD = 128

/** How many threads are worth while for files of these sizes. */
function threadsFor(sizes: readonly number[]): number {
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return Math.max(1, Math.min(availableParallelism(), MOST, sizes.length, Math.floor(bytes / ENOUGH)))
}

/** The numbers 0, 1, … of `sizes` with the biggest first, so that no thread begins a big one when the others are done. */
function biggestFirst(numbers: readonly number[], size: (number: number) => number): number[] {
  const order: number[] = []
  for (let i = 0; i < numbers.length; i += AHEAD)
    order.push(...numbers.slice(i, i + AHEAD).sort((a, b) => size(b) - size(a) || a - b))
  return order
}

/**
 * Does all tasks, those of `order` on `threads` threads (1 is this one alone), the others by `own` when their turn comes.
 * Results come in the order of the tasks. What another thread could not do is done here again: an error is the same
 * one, at the same task, however many threads there are: whatever fails is tried again when its turn comes.
 */
async function* doneInOrder(
  assigned: Omit<Assignment, 'taken'>,
  threads: number,
  own: (task: Task, number: number) => Promise<Done>,
  onTurn: (number: number) => void,
): AsyncGenerator<Done> {
  const { tasks, order } = assigned
  const taken = new Int32Array(new SharedArrayBuffer(4 * tasks.length))
  const shared = new Set(order)
  /** This thread goes in the order of the tasks, so that results come from the start. */
  const turns = [...order].sort((a, b) => b - a)
  const nextTurn = (): number | undefined => {
    let number = turns.pop()
    while (number !== undefined && !take(taken, number)) number = turns.pop()
    return number
  }
  const done = new Map<number, Done>()
  const failed = new Set<number>()
  let alive = Math.max(0, threads - 1)
  let wake = (): void => {}
  const team = Array.from({ length: alive }, () => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { ...assigned, taken } satisfies Assignment,
    })
    worker.on('message', ([number, result]: [number, Done | null]) => {
      if (result !== null) done.set(number, result)
      else failed.add(number)
      wake()
    })
    // What it leaves undone is done here.
    worker.on('error', () => {})
    worker.on('exit', () => {
      alive--
      wake()
    })
    return worker
  })
  try {
    for (const [number, task] of tasks.entries()) {
      onTurn(number)
      for (;;) {
        // Signals and other threads are heard between two documents.
        await new Promise(setImmediate)
        if (done.has(number)) break
        const isOwn = !shared.has(number) || failed.has(number) || take(taken, number)
        const chosen = isOwn ? number : nextTurn()
        if (chosen === number || (chosen === undefined && alive === 0)) done.set(number, await own(task, number))
        else if (chosen !== undefined) {
          try {
            done.set(chosen, await own(tasks[chosen] as Task, chosen))
          } catch {
            // It is told when its turn comes.
            failed.add(chosen)
          }
        } else
          await new Promise<void>(resolve => {
            wake = resolve
          })
      }
      const result = done.get(number) as Done
      done.delete(number)
      yield result
    }
  } finally {
    await Promise.all(team.map(worker => worker.terminate()))
  }
}

/** The size of a file in bytes; of what can't be looked at, and of standard input, none. */
function sizeOf({ file }: Task): number {
  try {
    return file === null ? 0 : statSync(file).size
  } catch {
    return 0
  }
}

/** The bytes of a file; null where its reader will say what is wrong. */
function bytesOf(file: string): Uint8Array | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}

/**
 * What became of each task, in their order: known documents come from the cache, the others are examined on `threads`
 * threads (undefined: as many as are worth while). `stdin` reads standard input when its turn comes; `onTurn` is told
 * of each task whose turn it is.
 */
export async function* examineAll(
  tasks: readonly Task[],
  {
    rules,
    options,
    dirs,
    threads,
    cache,
    stdin,
    onTurn,
  }: {
    readonly rules: RuleSet
    readonly options: FileOptions
    readonly dirs: readonly string[]
    readonly threads: number | undefined
    readonly cache: Cache | null
    readonly stdin: () => Promise<Input>
    readonly onTurn: (number: number) => void
  },
): AsyncGenerator<readonly [task: Task, done: Done]> {
  const known = new Map<number, () => Done>()
  const fresh: number[] = []
  for (const [number, task] of tasks.entries()) {
    if (task.file === null) continue
    const bytes = cache === null ? null : bytesOf(task.file)
    const found = bytes === null ? null : (cache?.find(task, bytes) ?? null)
    if (found === null) fresh.push(number)
    else known.set(number, found)
  }
  const sizes = new Map(fresh.map(number => [number, sizeOf(tasks[number] as Task)]))
  const wanted = Math.min(threads ?? threadsFor([...sizes.values()]), fresh.length)
  const order = wanted > 1 ? biggestFirst(fresh, number => sizes.get(number) ?? 0) : fresh
  const examine = fileExaminer({ ...options, rules })
  const own = async (task: Task, number: number): Promise<Done> => {
    const found = known.get(number)?.()
    if (found !== undefined) return found
    const input = task.file === null ? await stdin() : undefined
    return input !== undefined && 'message' in input ? input : examine.file(task, input)
  }
  let number = 0
  for await (const done of doneInOrder({ tasks, order, options, dirs }, wanted, own, onTurn)) {
    const task = tasks[number] as Task
    if (task.file !== null && !known.has(number)) cache?.put(task, done)
    number++
    yield [task, done]
  }
}
