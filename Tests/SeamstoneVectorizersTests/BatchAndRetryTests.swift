import Seamstone
import TestSupport
import Testing

@testable import SeamstoneVectorizers

@Suite("Requests: their size, and when they are tried again")
struct BatchAndRetryTests {
  @Test(
    "Texts are divided by count and by bytes",
    arguments: [
      ([], 2, 10, []), (["a", "b", "c"], 2, 10, [0..<2, 2..<3]),
      (["aaaa", "bbb", "cccc"], 9, 7, [0..<2, 2..<3]),
      (["aaaaaaaaaaaa", "b", "c"], 9, 5, [0..<1, 1..<3]),
      (["a", "bbbbbbbbb", "c"], 9, 5, [0..<1, 1..<2, 2..<3]), (["é", "é"], 9, 3, [0..<1, 1..<2]),
      (["", "", ""], 1, 1, [0..<1, 1..<2, 2..<3]),
    ] as [([String], Int, Int, [Range<Int>])])
  func batches(texts: [String], count: Int, bytes: Int, expected: [Range<Int>]) {
    #expect(TextBatches.ranges(of: texts, count: count, byteCount: bytes) == expected)
  }

  @Test("Waits double up to their limit, lose at most a half, and are never shorter than asked")
  func delays() {
    let policy = RetryPolicy(
      attempts: 9, backoff: .milliseconds(100), maximumBackoff: .milliseconds(1_000))
    var random = SeededGenerator(seed: 1)
    for (attempt, longest) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000), (60, 1_000)] {
      var delays: Set<Duration> = []
      for _ in 0..<100 {
        let delay = policy.delay(after: attempt, askedFor: nil, using: &random)
        #expect(delay >= .milliseconds(longest) / 2 && delay <= .milliseconds(longest))
        delays.insert(delay)
      }
      #expect(delays.count > 50)
    }
    #expect(policy.delay(after: 1, askedFor: .seconds(7), using: &random) == .seconds(7))
    #expect(policy.delay(after: 1, askedFor: .zero, using: &random) >= .milliseconds(50))
  }

  @Test(
    "What may work later is tried again",
    arguments: [
      (200, false), (301, false), (400, false), (401, false), (404, false), (408, true),
      (425, true),
      (429, true), (500, true), (503, true), (599, true), (600, false),
    ])
  func temporary(status: Int, isTemporary: Bool) {
    #expect(RetryPolicy.isTemporary(status: status) == isTemporary)
  }

  @Test(
    "Retry-After is read in its forms",
    arguments: [
      (nil, nil, nil), (nil, "3", .seconds(3)), (nil, " 0.5 ", .milliseconds(500)),
      ("250", "3", .milliseconds(250)), ("x", "3", .seconds(3)), (nil, "-1", nil),
      (nil, "nan", nil), (nil, "inf", .seconds(86_400)), (nil, "soon", nil),
      (nil, "Sun, 06 Nov 1994 08:49:37 GMT", .seconds(37)),
      (nil, "Sun, 06 Nov 1994 08:48:37 GMT", .zero),
      (nil, "Sun, 06 Nov 2094 08:48:37 GMT", .seconds(86_400)),
      (nil, "Sun, 06 Nov 1994 08:49:37 CET", nil), (nil, "Sun, 66 Nov 1994 08:49:37 GMT", nil),
      (nil, "Sunday, 06-Nov-94 08:49:37 GMT", nil), (nil, "", nil),
    ] as [(String?, String?, Duration?)])
  func retryAfter(milliseconds: String?, header: String?, expected: Duration?) {
    // 1994-11-06 08:49:00 UTC.
    let duration = RetryAfter.duration(
      milliseconds: milliseconds, header: header, now: 784_111_740)
    #expect(duration == expected)
  }

  @Test("A time limit cancels what it limits")
  func timeLimit() async throws {
    struct Late: Error {}
    #expect(try await withTimeLimit(.seconds(600), orThrow: Late()) { 5 } == 5)
    await #expect(throws: Late.self) {
      try await withTimeLimit(.milliseconds(1), orThrow: Late()) {
        try await Task.sleep(for: .seconds(3_600))
      }
    }
  }

  // MARK: - Configuration

  private func problem(
    _ change: (inout OpenAIVectorizer.Configuration) -> Void
  ) -> String? {
    var configuration = OpenAIVectorizer.Configuration(model: "m")
    change(&configuration)
    do throws(StoreError) {
      try configuration.validate()
      return nil
    } catch {
      return error.code == .invalidConfiguration ? error.message : "another code"
    }
  }

  @Test("Requests go below the address that is given, with or without v1")
  func endpoint() {
    for (base, endpoint) in [
      ("https://api.openai.com", "https://api.openai.com/v1/embeddings"),
      ("http://localhost:11434/", "http://localhost:11434/v1/embeddings"),
      ("https://host/openai/v1/", "https://host/openai/v1/embeddings"),
    ] {
      var configuration = OpenAIVectorizer.Configuration(model: "m")
      configuration.baseURL = base
      #expect(configuration.endpoint == endpoint)
      #expect(problem { $0.baseURL = base } == nil)
    }
  }

  @Test("Configurations that cannot work are refused, with all that is wrong")
  func configuration() {
    for base in [
      "", "host", "ftp://host", "https://", "https:///x", "https://:80", "https://user@host",
      "https://host?x=1", "https://host#x", "https://ho st", "http://höst",
    ] {
      #expect(problem { $0.baseURL = base }?.contains("baseURL") == true, "\(base)")
    }
    let all = problem {
      $0 = .init(model: "")
      $0.keyVariable = ""
      $0.dimensions = 0
      $0.maximumInputs = 0
      $0.maximumBytes = -1
      $0.concurrency = 0
      $0.maximumAttempts = 0
      $0.backoff = .zero
      $0.maximumBackoff = .zero
      $0.requestTimeout = .seconds(-1)
      $0.timeout = .seconds(1_000_000)
    }
    for name in [
      "model", "keyVariable", "dimensions is 0", "maximumInputs is 0", "maximumBytes is -1",
      "concurrency is 0", "maximumAttempts is 0", "backoff is 0", "maximumBackoff is 0",
      "requestTimeout is -1", "timeout is 1000000",
    ] {
      #expect(all?.contains(name) == true, "\(name): \(all ?? "")")
    }
  }
}
