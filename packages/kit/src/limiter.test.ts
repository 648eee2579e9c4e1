import { expect, it } from 'vitest'
import { createLimiter } from './limiter.js'

const limiterOf = (atOnce: number, queue: number) =>
  createLimiter({
    atOnce,
    queue,
    refuse: () => new Error('full'),
    abandon: () => new Error('gone'),
  })

/** Tasks that end when they are told to, and the order in which they began. */
function tasks() {
  const begun: number[] = []
  const endings = new Map<number, () => void>()
  return {
    begun,
    task: (id: number) => () => {
      begun.push(id)
      return new Promise<number>((resolve) => endings.set(id, () => resolve(id)))
    },
    end: (id: number) => endings.get(id)!(),
  }
}

it('runs as many as allowed, then the others in the order they came', async () => {
  const { begun, task, end } = tasks()
  const limited = limiterOf(2, 10)
  const results = [1, 2, 3, 4].map((id) => limited(task(id)))
  await expect.poll(() => begun).toEqual([1, 2])
  end(2)
  await results[1]
  await expect.poll(() => begun).toEqual([1, 2, 3])
  end(1)
  await expect.poll(() => begun).toEqual([1, 2, 3, 4])
  end(3)
  end(4)
  expect(await Promise.all(results)).toEqual([1, 2, 3, 4])
})

it('refuses what does not fit into the queue, and takes more when there is room again', async () => {
  const { begun, task, end } = tasks()
  const limited = limiterOf(1, 1)
  const first = limited(task(1))
  const second = limited(task(2))
  await expect(limited(task(3))).rejects.toThrow('full')
  expect(limited.waiting()).toBe(1)
  end(1)
  await first
  await expect.poll(() => begun).toEqual([1, 2])
  expect(limited.waiting()).toBe(0)
  end(2)
  await second
  const fourth = limited(task(4))
  await expect.poll(() => begun).toEqual([1, 2, 4])
  end(4)
  expect(await fourth).toBe(4)
})

it('frees the place of a task that fails', async () => {
  const limited = limiterOf(1, 0)
  await expect(limited(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await limited(async () => 'done')).toBe('done')
})

it('who gives up while waiting frees the place and is never run', async () => {
  const { begun, task, end } = tasks()
  const limited = limiterOf(1, 1)
  const first = limited(task(1))
  const gone = new AbortController()
  const second = limited(task(2), gone.signal)
  gone.abort()
  await expect(second).rejects.toThrow('gone')
  const third = limited(task(3))
  end(1)
  await first
  await expect.poll(() => begun).toEqual([1, 3])
  end(3)
  await third
  await expect(limited(task(4), gone.signal)).rejects.toThrow('gone')
  expect(begun).toEqual([1, 3])
})
