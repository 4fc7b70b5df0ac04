import type { AppModel } from '../app-model.ts'
import { say } from './words.ts'

/** The DevOps engineer's document: how the app is run and watched. */
export function operations(model: AppModel): object {
  const words = say(model.language)
  return {
    run: { start: ['npm', 'start'], healthPath: '/healthz', memoryMb: 256, env: {} },
    monitoring: {
      probe: { path: '/healthz', intervalMs: 10_000, timeoutMs: 2_000 },
      thresholds: { cpu: 0.8, memory: 0.85, errorRate: 0.05 },
    },
    notes: words(
      `One Node process serves ${model.title}. All data lies in $DATA_DIR/data.json: back up that file.`,
      `Node 프로세스 하나가 "${model.title}" 앱을 제공한다. 모든 데이터는 $DATA_DIR/data.json에 있으니 이 파일을 백업한다.`,
    ),
  }
}
