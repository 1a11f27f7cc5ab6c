import JSONText
import Seamstone
import StorageIO
import Testing

@testable import SeamstoneVectorizers

/// How requests are sent, tried again and given up, without a network.
@Suite("Asking an embedding service")
struct EmbeddingServiceTests {
  private let waits = ConditionLock<[Duration]>([])

  private func service(
    _ transport: ScriptedTransport,
    _ change: (inout OpenAIVectorizer.Configuration) -> Void = { _ in }
  ) -> EmbeddingService {
    var configuration = OpenAIVectorizer.Configuration(model: "m")
    configuration.maximumAttempts = 3
    change(&configuration)
    let waits = waits
    return EmbeddingService(
      configuration: configuration, key: nil, transport: transport,
      sleep: { duration in waits.withLock { $0.append(duration) } })
  }

  private func failure(
    _ service: EmbeddingService, _ texts: [String] = ["one"]
  ) async -> EmbeddingServiceError? {
    await #expect(throws: EmbeddingServiceError.self) {
      try await service.vectors(for: texts, prefix: "")
    }
  }

  /// The texts of a request.
  private static func inputs(_ body: String) -> [String] {
    guard case .object(let members) = try? PropertyValue(json: body),
      case .array(let texts) = members["input"]
    else { return [] }
    return texts.map { if case .string(let text) = $0 { text } else { "?" } }
  }

  private static let answering = { @Sendable (body: String) -> ScriptedTransport.Step in
    .vectors(inputs(body))
  }

  @Test("The request has the model, the encoding, the dimensions and the texts")
  func body() async throws {
    let transport = ScriptedTransport([.vectors(["x", "x"]), .vectors(["x"])])
    _ = try await service(transport) {
      $0.dimensions = 2
      $0.encoding = .base64
    }.vectors(for: ["a \"b\"\n", "é"], prefix: "query: ")
    _ = try await service(transport).vectors(for: ["a"], prefix: "")
    #expect(
      transport.bodies == [
        #"{"model":"m","encoding_format":"base64","dimensions":2,"input":["query: a \"b\"\n","query: é"]}"#,
        #"{"model":"m","encoding_format":"float","input":["a"]}"#,
      ])
  }

  @Test("Many texts go in several requests, some at a time, and come back in order")
  func batching() async throws {
    let transport = ScriptedTransport(answer: Self.answering)
    let texts = (0..<100).map { String(repeating: "x", count: $0 % 17) }
    let vectors = try await service(transport) {
      $0.maximumInputs = 7
      $0.maximumBytes = 60
      $0.concurrency = 3
    }.vectors(for: texts, prefix: "")
    #expect(vectors == texts.map { [Float($0.count), 1] })
    let inputs = transport.bodies.map(Self.inputs)
    #expect(inputs.map(\.count).max() == 7)
    #expect(inputs.allSatisfy { $0.reduce(0) { $0 + $1.count } <= 60 })
    #expect((2...3).contains(transport.mostRunning))
    #expect(try await service(transport).vectors(for: [], prefix: "").isEmpty)
  }

  @Test("What fails for the moment is tried again, as late as the service asks for")
  func retries() async throws {
    let transport = ScriptedTransport(
      [
        .reply(429, "slow down", after: .seconds(7)), .fail(TransportFailure(reason: "no route")),
      ], answer: Self.answering)
    #expect(try await service(transport).vectors(for: ["abc"], prefix: "") == [[3, 1]])
    let waits = waits.withLock { $0 }
    #expect(waits.count == 2)
    #expect(waits.first == .seconds(7))
    #expect(waits.last.map { $0 >= .milliseconds(500) && $0 <= .seconds(1) } == true)
    #expect(Set(transport.bodies).count == 1)
  }

  @Test("After the last attempt the last failure is told")
  func givingUp() async {
    let unavailable = await failure(
      service(ScriptedTransport([.reply(500), .reply(429), .reply(503, #"{"error":"busy"}"#)])))
    #expect(unavailable?.reason == .unavailable)
    #expect(unavailable?.status == 503)
    #expect(unavailable?.attempts == 3)
    #expect(
      unavailable?.description
        == "unavailable: https://api.openai.com/v1/embeddings answered 503: busy (after 3 attempts)"
    )
    let broken = ScriptedTransport.Step.fail(TransportFailure(reason: "broken\npipe"))
    let unreachable = await failure(service(ScriptedTransport([broken, broken, broken])))
    #expect(unreachable?.reason == .unreachable)
    #expect(unreachable?.message == "broken pipe")
  }

  @Test(
    "What will not get better is not tried again",
    arguments: [
      (400, #"{"error":{"message":"too long"}}"#, EmbeddingServiceError.Reason.refused, "too long"),
      (401, "", .refused, "no message"), (302, "moved", .refused, "moved"),
      (429, #"{"error":{"message":"pay","code":"insufficient_quota"}}"#, .refused, "pay"),
      (200, "<html>", .badResponse, "expected '{'"),
      (200, #"{"data":[]}"#, .badResponse, "0 embeddings came, 1 were asked for"),
      (201, "", .refused, "no message"),
    ])
  func refused(
    status: Int, body: String, reason: EmbeddingServiceError.Reason, message: String
  ) async {
    let transport = ScriptedTransport([.reply(status, body)])
    let error = await failure(service(transport))
    #expect(error?.reason == reason)
    #expect(error?.status == status)
    #expect(error?.message.contains(message) == true)
    #expect(error?.attempts == 1)
    #expect(transport.bodies.count == 1)
  }

  @Test("An answer that is too long is refused")
  func tooLong() async {
    var reply = ServiceReply(status: 200, body: Array("{".utf8))
    reply.isCut = true
    let error = await failure(service(ScriptedTransport([.reply(reply)])))
    #expect(error?.reason == .badResponse)
    #expect(error?.message.contains("longer than") == true)
  }

  @Test("A request without an answer is given up and tried again")
  func requestTimeout() async throws {
    let transport = ScriptedTransport([.hang], answer: Self.answering)
    let patient = service(transport) { $0.requestTimeout = .milliseconds(30) }
    #expect(try await patient.vectors(for: ["abc"], prefix: "") == [[3, 1]])
    let never = service(ScriptedTransport()) { $0.requestTimeout = .milliseconds(10) }
    let error = await failure(never)
    #expect(error?.reason == .timedOut)
    #expect(error?.attempts == 3)
  }

  @Test("A call ends with its time limit, and never waits beyond it")
  func timeout() async {
    let hanging = service(ScriptedTransport()) { $0.timeout = .milliseconds(20) }
    #expect(await failure(hanging)?.reason == .timedOut)
    let transport = ScriptedTransport([.reply(429, "later", after: .seconds(3_600))])
    let error = await failure(service(transport))
    #expect(error?.reason == .unavailable)
    #expect(error?.message.contains("after the time limit") == true)
    #expect(waits.withLock { $0 }.isEmpty)
  }

  @Test("A failure ends the other requests of the call")
  func failingFast() async {
    let transport = ScriptedTransport([.hang, .reply(400, "no"), .hang])
    let error = await failure(
      service(transport) {
        $0.maximumInputs = 1
        $0.concurrency = 3
      }, ["a", "b", "c", "d"])
    #expect(error?.reason == .refused)
  }

  @Test("Cancelling ends a call with CancellationError")
  func cancelling() async {
    let service = service(ScriptedTransport())
    let task = Task { try await service.vectors(for: ["a"], prefix: "") }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
