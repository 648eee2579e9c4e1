import { registerEnumType } from 'type-graphql'
import { DeviceType } from './device.js'

registerEnumType(DeviceType, {
  name: 'DeviceType',
  description: 'Kind of device, as far as its user agent tells.',
  valuesConfig: {
    WEB: { description: 'A browser on a computer, or anything that could not be recognised.' },
    MOBILE: { description: 'A phone or a tablet, in a browser or an app.' },
    SMART: { description: 'A television, a set-top box or a games console.' },
  },
})

export { DeviceType }
