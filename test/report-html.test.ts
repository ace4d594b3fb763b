/** The HTML pages in a real browser: filters, side by side, keyboard, print, no network, and hostile text that stays text. */

import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { diffHtml } from '../src/report/html/diff.js'
import { historyHtml } from '../src/report/html/history.js'
import type { Change } from '../src/versions/types.js'
import { altered, clause, finding, sampleDiff, sampleHistory, sampleSeries, version } from './version-samples.js'

const HOSTILE = `</style></script><script>document.title='owned'</script><img src=x onerror="document.title='owned'"> "引号" 'a' & &lt;b&gt;`

describe('the file', () => {
  const page = diffHtml(sampleDiff(), { lang: 'zh' })

  test('allows exactly its own style and script, and nothing from outside', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? ''
    const inner = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? ''
    for (const tag of ['style', 'script']) {
      const hash = createHash('sha256').update(inner(tag)).digest('base64')
      expect(policy).toContain(`${tag}-src 'sha256-${hash}'`)
    }
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(page).not.toMatch(/(?:src|href)="(?!#|data:,")/)
    expect(page).not.toMatch(/ style=| on[a-z]+=/)
  })

  test('same value, same bytes; both languages', () => {
    expect(diffHtml(sampleDiff(), { lang: 'zh' })).toBe(page)
    expect(page).toContain('<html lang="zh-CN">')
    expect(diffHtml(sampleDiff(), { lang: 'en' })).toContain('Substantive changes')
    expect(historyHtml(sampleHistory(), { lang: 'en' })).toContain('not stated')
  })
})

const executable = [process.env['CLAUSELINT_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  path => path !== undefined && existsSync(path),
)
if (executable === undefined)
  // oxlint-disable-next-line no-console
  console.warn(
    'report-html: no Chromium (CLAUSELINT_CHROMIUM, /usr/bin/chromium): the pages are NOT tested in a browser',
  )

describe.skipIf(executable === undefined)('in a browser', () => {
  let browser: Browser
  let folder: string
  const requests: string[] = []
  const errors: string[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clauselint-html-'))
    browser = await chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox'] })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Opens the page from a file, as a reader would, and notes what it asks for and complains of. */
  async function open(html: string, width = 1280): Promise<Page> {
    const file = join(folder, 'report.html')
    writeFileSync(file, html)
    requests.length = 0
    errors.length = 0
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    page.on('request', request => requests.push(request.url()))
    page.on('console', message => errors.push(message.text()))
    page.on('pageerror', error => errors.push(error.message))
    await page.goto(pathToFileURL(file).href)
    return page
  }
  /** Ids of the changes or series that can be seen. */
  const seen = (page: Page) => page.locator('[data-item]:visible').evaluateAll(nodes => nodes.map(node => node.id))
  const diff = () => diffHtml(sampleDiff(), { lang: 'zh' })
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

  test('asks for nothing but itself and breaks none of its own policy', async () => {
    const page = await open(diff())
    await page.keyboard.press('s')
    await page.fill('#search', '违约金')
    expect(requests.filter(url => !url.startsWith('data:'))).toHaveLength(1)
    expect(requests[0]).toMatch(/^file:/)
    expect(errors).toEqual([])
    await page.close()
  })

  test('filters by kind, direction and severity, together with words of either side', async () => {
    const page = await open(diff())
    expect(await seen(page)).toEqual(['c1', 'c2', 'c3'])
    await press(page, /^新增 1$/)
    expect(await seen(page)).toEqual(['c2'])
    await press(page, /^修改 1$/)
    expect(await seen(page)).toEqual(['c1', 'c2'])
    await press(page, /^不利 1$/)
    expect(await seen(page)).toEqual(['c1'])
    expect(await page.locator('#shown').textContent()).toBe('显示 1 / 5 处')
    await press(page, /^不利 1$/)
    await press(page, /^警告 1$/)
    expect(await seen(page)).toEqual([])
    expect(await page.getByText('没有符合筛选条件的改动').isVisible()).toBe(true)
    await press(page, /^警告 1$/)
    await press(page, /^修改 1$/)
    await press(page, /^新增 1$/)
    for (const [words, found] of [
      ['500元的违约金', ['c1']],
      ['2000元的违约金', ['c1']],
      ['仅退款', ['c2']],
      ['第十条', ['c3']],
      ['vague-period', ['c3']],
      ['没有这样的字', []],
    ] as const) {
      await page.fill('#search', words)
      await expect.poll(() => seen(page)).toEqual(found)
    }
    await page.close()
  })

  test('minor changes come only when asked for, with the index in step', async () => {
    const page = await open(diff())
    expect(await page.locator('.index a:visible').count()).toBe(3)
    await press(page, /含文字性调整/)
    expect(await seen(page)).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
    expect(await page.locator('.index a:visible').count()).toBe(5)
    await page.close()
  })

  test('side by side shows each side alone, and back', async () => {
    const page = await open(diff())
    await page.keyboard.press('s')
    const [before, after] = await page.locator('#c1 .sides > div').allInnerTexts()
    expect(before).toContain('可以在15日内提出申诉')
    expect(before).not.toContain('不得提出异议')
    expect(after).toContain('对扣除结果不得提出异议')
    expect(after).not.toContain('500元')
    expect(await page.locator('#c1 .redline').isVisible()).toBe(false)
    expect(await page.locator('#side').getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('#c2 .sides > div').first().innerText()).toContain('（无）')
    await page.keyboard.press('s')
    expect(await page.locator('#c1 .redline').isVisible()).toBe(true)
    await page.close()
  })

  test('j and k walk the visible changes, / searches, Escape clears, ? explains', async () => {
    const page = await open(diff())
    const focused = () => page.evaluate('document.activeElement.id')
    await page.keyboard.press('j')
    expect(await focused()).toBe('c1')
    expect(await page.locator('.index a[aria-current]').getAttribute('href')).toBe('#c1')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await focused()).toBe('c3')
    await page.keyboard.press('k')
    expect(await focused()).toBe('c2')
    await page.keyboard.press('/')
    expect(await focused()).toBe('search')
    await page.keyboard.type('第十条js')
    expect(await page.inputValue('#search')).toBe('第十条js')
    await page.keyboard.press('Escape')
    expect(await page.inputValue('#search')).toBe('')
    expect(await seen(page)).toEqual(['c1', 'c2', 'c3'])
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').isVisible()).toBe(false)
    await page.close()
  })

  test('a link to a change that is filtered away brings it back', async () => {
    const page = await open(diff())
    await press(page, /^新增 1$/)
    expect(await seen(page)).toEqual(['c2'])
    await page.getByRole('link', { name: '见改动 1' }).click()
    expect(await seen(page)).toContain('c1')
    await page.close()
  })

  test('unchanged text unfolds', async () => {
    const long: Change = {
      ...altered,
      edits: [
        { kind: 'delete', text: '七日' },
        { kind: 'equal', text: `开头${'甲'.repeat(300)}正中${'乙'.repeat(300)}结尾` },
        { kind: 'insert', text: '三日' },
      ],
    }
    const page = await open(diffHtml(sampleDiff({ changes: [long] }), { lang: 'zh' }))
    expect(await page.locator('#c1').innerText()).not.toContain('正中')
    await press(page, /字未变/)
    expect(await page.locator('#c1').innerText()).toContain('正中')
    await page.close()
  })

  test('print shows everything unfolded and no controls', async () => {
    const page = await open(diff())
    await page.fill('#search', '仅退款')
    await expect.poll(() => seen(page)).toEqual(['c2'])
    await page.emulateMedia({ media: 'print' })
    expect(await seen(page)).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
    expect(await page.locator('.filters').isVisible()).toBe(false)
    expect(await page.locator('.index').isVisible()).toBe(false)
    expect((await page.pdf()).length).toBeGreaterThan(10_000)
    await page.close()
  })

  test('hostile text is text, in a change, a path, a finding, a notice', async () => {
    const change: Change = { ...altered, old: [], new: [clause(HOSTILE, HOSTILE, 0)], edits: [] }
    const page = await open(
      diffHtml(
        sampleDiff({
          new: { path: HOSTILE, sha256: 'b'.repeat(64) },
          changes: [{ ...change, meanings: altered.meanings.map(m => ({ ...m, summary: HOSTILE })) }],
          findings: {
            introduced: [finding({ message: HOSTILE, clause: HOSTILE, path: HOSTILE })],
            fixed: [],
            carried: [],
          },
          notices: [{ code: 'note', path: HOSTILE, message: HOSTILE }],
        }),
        { lang: 'zh' },
      ),
    )
    await page.keyboard.press('s')
    expect(await page.title()).not.toBe('owned')
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('#c1 .redline').textContent()).toBe(HOSTILE)
    expect(await page.locator('h1').innerText()).toContain(HOSTILE)
    expect(errors).toEqual([])
    await page.close()
    const titled = sampleSeries({
      title: HOSTILE,
      versions: [version({ path: HOSTILE, effective: '2026-06-18' })],
      steps: [],
    })
    const history = await open(historyHtml(sampleHistory({ series: [titled] }), { lang: 'zh' }))
    expect(await history.title()).toContain('<script>')
    expect(await history.locator('script').count()).toBe(1)
    expect(await history.locator('summary h2').innerText()).toBe(HOSTILE)
    await history.close()
  })

  test.each([400, 1600])('nothing runs over the edge at %i pixels', async width => {
    for (const html of [diff(), historyHtml(sampleHistory(), { lang: 'zh' })]) {
      const page = await open(html, width)
      await page.keyboard.press('s')
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      await page.close()
    }
  })

  test('five hundred changes are filtered and laid side by side', async () => {
    const changes = Array.from({ length: 500 }, (_, i) => ({
      ...altered,
      new: [clause(`第${i + 1}条`, altered.new[0]?.text ?? '', i * 200)],
    }))
    const page = await open(diffHtml(sampleDiff({ changes }), { lang: 'zh' }))
    await page.evaluate(`document.querySelector('#side').click()`)
    await page.evaluate(`document.querySelector('.chip[data-value="worse"]').click()`)
    expect(await page.locator('.sides').count()).toBe(500)
    await page.close()
  })

  test('history: few series open, many folded; filtered by severity, stage and words; all open on paper', async () => {
    const clean = sampleSeries({
      title: '云杉集市收费规则',
      versions: [version({ stage: 'in-force', effective: '2025-03-01' })],
      steps: [],
      findings: [],
    })
    const few = await open(historyHtml(sampleHistory({ series: [sampleSeries(), clean] }), { lang: 'zh' }))
    expect(await few.locator('details.series[open]').count()).toBe(2)
    expect(await few.locator('#s1 svg [class="effective"]').count()).toBe(1)
    await press(few, /^错误 1$/)
    expect(await seen(few)).toEqual(['s1'])
    await press(few, /^错误 1$/)
    await press(few, /^施行 1$/)
    expect(await seen(few)).toEqual(['s2'])
    await press(few, /^施行 1$/)
    await few.fill('#search', '2026-06-16')
    await expect.poll(() => seen(few)).toEqual(['s1'])
    await few.close()

    const many = await open(
      historyHtml(sampleHistory({ series: Array.from({ length: 300 }, () => clean) }), { lang: 'zh' }),
    )
    expect(await many.locator('details.series[open]').count()).toBe(0)
    const height = () => many.locator('#s2 table').evaluate(table => table.getBoundingClientRect().height)
    expect(await height()).toBe(0)
    await many.emulateMedia({ media: 'print' })
    expect(await height()).toBeGreaterThan(0)
    await many.emulateMedia({ media: 'screen' })
    await many.keyboard.press('j')
    await many.keyboard.press('Enter')
    expect(await many.locator('#s1').getAttribute('open')).not.toBeNull()
    await press(many, '全部展开')
    expect(await many.locator('details.series[open]').count()).toBe(300)
    expect(errors).toEqual([])
    await many.close()
  })
})
