import { isIP } from 'node:net'
import Bowser from 'bowser'
import type { Client } from '@cinegraph/kit/client'

export const DeviceType = { WEB: 'WEB', MOBILE: 'MOBILE', SMART: 'SMART' } as const
export type DeviceType = keyof typeof DeviceType

export interface Device {
  readonly type: DeviceType
  /** For people, e.g. `Firefox on Linux`; at most 100 characters. */
  readonly name: string
}

/** A device and where it is, as the database keeps them. */
export interface DeviceRow {
  readonly deviceType: DeviceType
  readonly deviceName: string
  readonly userAgent: string | null
  readonly address: string | null
}

const MAX_NAME_LENGTH = 100
const UNKNOWN = 'Unknown device'

// the parser knows browsers; what it takes for a computer or a tablet, or for nothing at all
const CONSOLE = /\b(PlayStation|Xbox|Nintendo)\b/i
const TELEVISION = /\b(SMART-?TV|HbbTV|BRAVIA|AFT[A-Z]\w*|CrKey|AppleTV|tvOS|GoogleTV|Android ?TV)/i
// HTTP clients of native apps; only that of Apple comes with the name of the app
const NATIVE = /\b(okhttp|CFNetwork|Dart|Dalvik)\//
const APP = /^([^/]+)\/\S* CFNetwork\//
const PROGRAM = /^[^/()]+(?=\/)/

/** What a user agent says of its device. It is the client's own word: fit to be shown to the owner, and for nothing else. */
export function deviceOf(userAgent: string | undefined): Device {
  if (!userAgent?.trim()) return { type: DeviceType.WEB, name: UNKNOWN }
  const { type, name } = parse(userAgent)
  return { type, name: name.trim().slice(0, MAX_NAME_LENGTH) || UNKNOWN }
}

export const deviceRow = ({ userAgent, address }: Client): DeviceRow => {
  const { type, name } = deviceOf(userAgent)
  return {
    deviceType: type,
    deviceName: name,
    userAgent: userAgent ?? null,
    address: inetOf(address),
  }
}

/** An address without what Postgres has no type for, such as the zone of a link-local one. */
function inetOf(address: string | undefined): string | null {
  const plain = address?.replace(/%.*$/s, '') ?? ''
  return isIP(plain) === 0 ? null : plain
}

function parse(userAgent: string): Device {
  if (NATIVE.test(userAgent)) {
    return { type: DeviceType.MOBILE, name: APP.exec(userAgent)?.[1] ?? 'Mobile app' }
  }
  const { browser, os, platform } = Bowser.parse(userAgent)
  const console = CONSOLE.exec(userAgent)?.[1]
  const isTelevision = platform.type === 'tv' || TELEVISION.test(userAgent)
  if (console !== undefined || isTelevision) {
    return { type: DeviceType.SMART, name: named(browser.name, console ?? 'TV') }
  }
  const isMobile = platform.type === 'mobile' || platform.type === 'tablet'
  return {
    type: isMobile ? DeviceType.MOBILE : DeviceType.WEB,
    name: named(browser.name, os.name) || (PROGRAM.exec(userAgent)?.[0] ?? ''),
  }
}

const named = (program: string | undefined, device: string | undefined): string =>
  [program, device].filter(Boolean).join(' on ')
