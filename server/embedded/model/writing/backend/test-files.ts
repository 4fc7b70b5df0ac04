import type { AppModel } from '../../app-model.ts'
import type { WrittenFile } from '../code.ts'
export function testFiles(_model: AppModel): WrittenFile[] {
  return []
}
