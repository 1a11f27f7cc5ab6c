import CrashImages
import StoreModel
import TestSupport

/// Rebuilds and checks the images of crashes; prints what was done.
func checkImages(seed: UInt64, count: Int) throws {
  let directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory)
  var run = ImageRun(directory: directory.path, seed: seed, budget: count)
  try run.run()
  let report = run.report
  try report.recall.require()
  if count >= 20_000 { try run.requireAllForms() }
  let depths = report.imagesByDepth.map(String.init).joined(separator: "+")
  let forms = report.forms.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
  say(
    "\(report.images) images (\(depths) after one, two, three crashes) of \(report.calls) calls in "
      + "\(report.traces) traces, \(report.relaxedImages) with relaxed durability of which "
      + "\(report.undoneImages) had lost the last commit, recall \(report.recall), seed \(seed)")
  say("\(report.images) images with segments of \(forms.joined(separator: ", "))")
}

/// Makes every call of some steps fail in turn; prints what was done.
func tryFaults(seed: UInt64, steps: Int, stride: Int) throws {
  let directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory)
  var run = FaultRun(directory: directory.path, seed: seed, stepCount: steps)
  try run.run(windowSteps: 5, stride: stride)
  let report = run.report
  let codes = report.errors.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
  say(
    "\(report.runs) faults (\(codes.joined(separator: ", ")), \(report.silent) without an error) in "
      + "\(steps) steps, seed \(seed)")
}

/// Runs a script on a volume that is full again and again; prints what was done.
func fillDisk(seed: UInt64, steps: Int) throws {
  let directory = try TemporaryDirectory()
  guard let volume = try SmallVolume(at: directory.file("volume"), bytes: 24 << 20) else {
    return say("0 refusals: this process may not mount a volume, so nothing was tried")
  }
  var run = FullDiskRun(volume: volume, seed: seed, stepCount: steps)
  try run.run()
  try run.runReaders(count: 300)
  say("\(run.refusals) refusals by a full disk in \(steps) steps, seed \(seed)")
}
