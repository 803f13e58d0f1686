import { number, text } from "../texts.js";
import { now, problem, seek, setSpeed, speed, speeds } from "./video.js";

const stepSeconds = 10;

const times = (value: number): string => text("page.playback.times", { times: number(value) });

export function Tools() {
  return (
    <>
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {text(problem.value)}
        </p>
      )}
      <div class="playback-tools">
        <button type="button" class="secondary" onClick={() => seek(now.value - stepSeconds)}>
          {text("page.playback.back", { seconds: stepSeconds })}
        </button>
        <button type="button" class="secondary" onClick={() => seek(now.value + stepSeconds)}>
          {text("page.playback.forward", { seconds: stepSeconds })}
        </button>
        <label>
          {text("page.playback.speed")}
          <select value={String(speed.value)} onChange={({ currentTarget }) => setSpeed(Number(currentTarget.value))}>
            {speeds.map((each) => (
              <option key={each} value={String(each)}>
                {times(each)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </>
  );
}
