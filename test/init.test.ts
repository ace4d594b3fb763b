/** `clauselint init`: what it finds, that the config it writes is valid, and that it spares what is there. */

import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { statedPlatform } from '../src/cli/init.js'
import { clauselint, folderWith, removeFolders } from './command.js'

afterAll(removeFolders)

const AGREEMENT = `# 云杉集市用户服务协议

公示期：2026年6月11日至2026年6月23日。本协议自2026年6月24日起生效。

云杉网络科技有限公司（以下简称“云杉集市”）为您提供本服务。

第一条 平台有权随时单方修改本协议。
`
const FEES = '# 云杉集市保证金规则\n\n第一条 商家缴纳保证金一万元。\n'

/** The config with every commented line that is configuration put to use. */
function inUse(text: string): string {
  return text
    .replace(/^# (?=(?:platform|documents|ignore|rules|overrides):)/gm, '')
    .replace(/^#( {2,}\S)/gm, '$1')
    .replace(/^( +)# (?=(?:- |[a-z]+:))/gm, '$1')
}

describe('init', () => {
  test('lists the documents with their kinds and says what their texts say', async () => {
    const folder = folderWith({
      'rules/agreement.md': AGREEMENT,
      'rules/保证金 规则.md': FEES,
      'README.md': '# 说明\n',
      'drafts/next.txt': '云杉集市用户服务协议\n第一条 您应当遵守本协议。\n',
    })
    const { stdout, stderr, status } = await clauselint(folder, ['init'])
    expect({ stdout, stderr, status }).toEqual({
      stdout: '已写入 clauselint.yaml，列出 3 份文档。核对后运行：clauselint check\n',
      stderr: '',
      status: 0,
    })
    const text = readFileSync(join(folder, 'clauselint.yaml'), 'utf8')
    expect(parse(text)).toEqual({
      platform: { name: '云杉集市', operator: '云杉网络科技有限公司' },
      documents: [
        { path: 'drafts/next.txt', kind: 'service-agreement' },
        { path: 'rules/agreement.md', kind: 'service-agreement' },
        { path: 'rules/保证金 规则.md', kind: 'deposit-rules' },
      ],
      ignore: ['/README.md'],
    })
    expect(text).toContain('# 服务协议；公示 2026-06-11，生效 2026-06-24')
    expect(text).toContain('# 保证金规则；文中没有日期')
    expect(text).toContain('# - drafts/')
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'clauselint.yaml', 'drafts', 'rules'])
    const check = await clauselint(folder, ['check', '--format', 'json'])
    expect(check.stderr).toBe('')
    expect(JSON.parse(check.stdout).documents).toHaveLength(3)
  })

  for (const lang of ['zh', 'en'])
    test(`everything it offers is valid once it is put to use, and the same every time: ${lang}`, async () => {
      for (const files of [{}, { 'a.md': AGREEMENT, 'b.md': FEES, 'README.md': 'x' }] as Record<string, string>[]) {
        const folder = folderWith(files)
        const first = await clauselint(folder, ['init', '--lang', lang])
        expect(first.status).toBe(0)
        const file = join(folder, 'clauselint.yaml')
        const text = readFileSync(file, 'utf8')
        if (lang === 'en') expect(text.replace(/: .*|甲\S*|以下简称|您|kind.*/g, '')).not.toMatch(/\p{Script=Han}/u)
        await clauselint(folder, ['init', '--lang', lang, '--force'])
        expect(readFileSync(file, 'utf8')).toBe(text)
        expect(Object.keys(parse(inUse(text)))).toEqual(['platform', 'documents', 'ignore', 'rules', 'overrides'])
        expect(Object.keys(parse(inUse(text)).platform)).toEqual([
          'name',
          'operator',
          'users',
          'minors',
          'livestream',
          'goods',
          'whole',
        ])
        writeFileSync(join(folder, 'x.md'), AGREEMENT)
        for (const config of [text, inUse(text)]) {
          writeFileSync(file, config)
          const { stderr, status } = await clauselint(folder, ['check', 'x.md', '--quiet'])
          expect({ stderr, status }).toEqual({ stderr: '', status: 1 })
        }
      }
    })

  test('never writes over a config, nor a link to one, without --force', async () => {
    const folder = folderWith({ 'clauselint.yaml': '# 手写\n', 'a.md': AGREEMENT })
    const refused = await clauselint(folder, ['init'])
    expect(refused).toMatchObject({
      stdout: '',
      stderr: 'clauselint: clauselint.yaml 已经存在，没有改动；要覆盖请加 --force。\n',
      status: 2,
    })
    expect(readFileSync(join(folder, 'clauselint.yaml'), 'utf8')).toBe('# 手写\n')
    mkdirSync(join(folder, 'linked'))
    symlinkSync('nowhere.yaml', join(folder, 'linked', 'clauselint.yaml'))
    expect((await clauselint(folder, ['init', 'linked'])).status).toBe(2)
    expect((await clauselint(folder, ['init', '--force'])).status).toBe(0)
    expect(readFileSync(join(folder, 'clauselint.yaml'), 'utf8')).toContain('path: a.md')
  })

  test('says that a config above no longer counts, and what it could not read', async () => {
    const folder = folderWith({ 'clauselint.yaml': '', 'sub/a.md': AGREEMENT, 'sub/b.pdf': 'x' })
    const { stderr, status } = await clauselint(folder, ['init', 'sub'])
    expect(status).toBe(0)
    expect(stderr).toContain('sub/b.pdf：不支持 .pdf 格式')
    expect(stderr).toContain('extends: ../clauselint.yaml')
  })

  test('points editors at the schema of the package where it is installed', async () => {
    const folder = folderWith({ 'node_modules/clauselint/schema/config.schema.json': '{}', 'sub/a.md': AGREEMENT })
    await clauselint(folder, ['init', 'sub'])
    expect(readFileSync(join(folder, 'sub', 'clauselint.yaml'), 'utf8')).toContain(
      '\n# yaml-language-server: $schema=../node_modules/clauselint/schema/config.schema.json\n',
    )
  })

  test('a folder that is none is refused', async () => {
    const folder = folderWith({ 'a.md': AGREEMENT })
    expect((await clauselint(folder, ['init', 'a.md'])).stderr).toBe('clauselint: a.md 不是文件夹。\n')
  })
})

describe('the platform by its 以下简称', () => {
  for (const [text, platform] of [
    ['欢迎使用由苔原网络有限公司（下称“苔原优选”）运营的平台', { name: '苔原优选', operator: '苔原网络有限公司' }],
    ['苔原（杭州）网络有限公司（以下简称"平台"）制定本规则', { operator: '苔原（杭州）网络有限公司' }],
    ['使用“苔原优选”平台（以下简称“本平台”）前请阅读', { name: '苔原优选' }],
    ['本协议由您与平台订立，您（以下简称“用户”）应当遵守', {}],
    ['《苔原优选用户服务协议》（以下简称“本协议”）', {}],
  ] as const)
    test(`${text}`, () => expect(statedPlatform(text)).toEqual(platform))
})
