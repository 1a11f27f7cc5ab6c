#if Vectorizers
  import NIOCore
  import NIOHTTP1
  import NIOPosix
  import StorageIO

  /// An HTTP server on a port of this machine that answers as a test tells it to.
  final class LocalServer: Sendable {
    /// A request as it came.
    struct Request: Sendable {
      var method: String
      var path: String
      var headers: [String: String]
      var body: String
    }

    /// What is answered.
    enum Answer: Sendable {
      case reply(Int, String, headers: [String: String] = [:])
      /// Nothing, for ever.
      case hang
      /// The connection is closed without an answer.
      case close
      /// The head and the first bytes of an answer, then nothing.
      case stall(String)
      /// An answer that breaks off.
      case breakOff(String)
    }

    private let channel: any Channel
    private let log: ConditionLock<[Request]>

    private init(channel: any Channel, log: ConditionLock<[Request]>) {
      self.channel = channel
      self.log = log
    }

    /// Starts a server; `answer` is asked for each request, with its number (0 is the first).
    static func start(
      _ answer: @escaping @Sendable (Request, Int) -> Answer
    ) async throws -> LocalServer {
      let log = ConditionLock<[Request]>([])
      let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(Handler(log: log, answer: answer))
          }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      return LocalServer(channel: channel, log: log)
    }

    /// Its address.
    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    /// The requests so far.
    var requests: [Request] { log.withLock { $0 } }

    /// Waits until that many requests have come.
    func waitForRequests(_ count: Int) async throws {
      while requests.count < count { try await Task.sleep(for: .milliseconds(2)) }
    }

    func stop() async { try? await channel.close() }
  }

  /// Reads whole requests and answers them. One for each connection, on its event loop.
  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: ConditionLock<[LocalServer.Request]>
    private let answer: @Sendable (LocalServer.Request, Int) -> LocalServer.Answer
    private var request: LocalServer.Request?

    init(
      log: ConditionLock<[LocalServer.Request]>,
      answer: @escaping @Sendable (LocalServer.Request, Int) -> LocalServer.Answer
    ) {
      self.log = log
      self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        let headers = head.headers.map { ($0.name.lowercased(), $0.value) }
        request = LocalServer.Request(
          method: head.method.rawValue, path: head.uri,
          headers: Dictionary(headers) { $0 + ", " + $1 }, body: "")
      case .body(let buffer):
        request?.body += String(decoding: buffer.readableBytesView, as: UTF8.self)
      case .end:
        guard let request else { return }
        let number = log.withLock { log in
          log.append(request)
          return log.count - 1
        }
        send(answer(request, number), context: context)
      }
    }

    private func send(_ answer: LocalServer.Answer, context: ChannelHandlerContext) {
      switch answer {
      case .hang: break
      case .close: context.close(promise: nil)
      case .reply(let status, let body, let headers):
        write(status, body, length: body.utf8.count, headers, context)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      case .stall(let body): write(200, body, length: body.utf8.count + 1_000, [:], context)
      case .breakOff(let body):
        write(200, body, length: body.utf8.count + 1_000, [:], context)
        context.close(promise: nil)
      }
    }

    private func write(
      _ status: Int, _ body: String, length: Int, _ headers: [String: String],
      _ context: ChannelHandlerContext
    ) {
      var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
      fields.add(name: "Content-Length", value: "\(length)")
      let head = HTTPResponseHead(
        version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(
        wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
    }
  }
#endif
