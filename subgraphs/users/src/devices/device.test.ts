import { MAX_USER_AGENT_LENGTH } from '@cinegraph/kit/client'
import { describe, expect, test } from 'vitest'
import { deviceOf, deviceRow } from './device.js'

const chrome = (system: string, mobile = '') =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0${mobile} Safari/537.36`
const safari = (system: string, version = 'Version/17.5') =>
  `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) ${version} Safari/604.1`

describe('a device', () => {
  test.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
      'WEB',
      'Firefox on Linux',
    ],
    [`${chrome('Windows NT 10.0; Win64; x64')} Edg/126.0`, 'WEB', 'Microsoft Edge on Windows'],
    [safari('Macintosh; Intel Mac OS X 10_15_7'), 'WEB', 'Safari on macOS'],
    [chrome('X11; CrOS x86_64 14541.0.0'), 'WEB', 'Chrome on Chrome OS'],
    [safari('iPhone; CPU iPhone OS 17_5 like Mac OS X'), 'MOBILE', 'Safari on iOS'],
    [safari('iPad; CPU OS 17_5 like Mac OS X'), 'MOBILE', 'Safari on iOS'],
    [chrome('Linux; Android 14; Pixel 8', ' Mobile'), 'MOBILE', 'Chrome on Android'],
    ['okhttp/4.12.0', 'MOBILE', 'Mobile app'],
    ['Dart/3.4 (dart:io)', 'MOBILE', 'Mobile app'],
    ['Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A)', 'MOBILE', 'Mobile app'],
    ['My Cinema/12 CFNetwork/1496.0.7 Darwin/23.5.0', 'MOBILE', 'My Cinema'],
    [`${chrome('Web0S; Linux/SmartTV')} WebAppManager`, 'SMART', 'WebOS Browser on TV'],
    [safari('SMART-TV; Linux; Tizen 6.0', 'Version/6.0 TV'), 'SMART', 'Tizen on TV'],
    [chrome('Linux; Android 12; BRAVIA 4K VH2'), 'SMART', 'Chrome on TV'],
    ['AppleTV11,1/11.1', 'SMART', 'TV'],
    [safari('PlayStation; PlayStation 5/2.26'), 'SMART', 'Safari on PlayStation'],
    [
      `${chrome('Windows NT 10.0; Win64; x64; Xbox; Xbox One')} Edg/90`,
      'SMART',
      'Microsoft Edge on Xbox',
    ],
    ['curl/8.5.0', 'WEB', 'curl'],
  ])('that says %s', (userAgent, type, name) => {
    expect(deviceOf(userAgent)).toEqual({ type, name })
  })

  test.each([undefined, '', '   '])('that says nothing (%j) is unknown', (userAgent) => {
    expect(deviceOf(userAgent)).toEqual({ type: 'WEB', name: 'Unknown device' })
  })

  test.each([
    '(',
    '/',
    ' ',
    'a',
    'Android ',
    'Mozilla/5.0 (',
    'x CFNetwork/',
    '0.',
    '; ',
    '\\u0000',
  ])('has a short name whatever it says, such as %j again and again', (part) => {
    const said = part.repeat(MAX_USER_AGENT_LENGTH).slice(0, MAX_USER_AGENT_LENGTH)
    const { name } = deviceOf(said)
    expect(name.length).toBeGreaterThan(0)
    expect(name.length).toBeLessThanOrEqual(100)
  })
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['somewhere', null],
  [undefined, null],
])('the address %s is kept as %s', (given, address) => {
  expect(deviceRow({ address: given, userAgent: undefined })).toMatchObject({ address })
})
