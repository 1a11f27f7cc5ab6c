#if Vectorizers
  import AsyncHTTPClient
  import NIOCore
  import NIOHTTP1

  #if canImport(Darwin)
    import Darwin
  #else
    import Glibc
  #endif

  /// Sends requests by HTTP, over connections that are kept for the next ones.
  final class HTTPTransport: ServiceTransport {
    private let client: HTTPClient
    private let endpoint: String
    // Headers are made for each request, so that nothing that can be printed holds the key.
    private let key: APIKey?

    init(endpoint: String, key: APIKey?, connections: Int) {
      var configuration = HTTPClient.Configuration()
      // A key must not be carried to another place.
      configuration.redirectConfiguration = .disallow
      // Tries are counted in one place.
      configuration.connectionPool.retryConnectionEstablishment = false
      configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(connections, 8)
      client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
      self.endpoint = endpoint
      self.key = key
    }

    deinit {
      // The client wants to be told before it goes. Nobody waits for its connections to close.
      let client = client
      Task.detached { try? await client.shutdown() }
    }

    func post(_ body: [UInt8], limit: Int) async throws -> ServiceReply {
      var request = HTTPClientRequest(url: endpoint)
      request.method = .POST
      request.headers = [
        "Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Seamstone",
      ]
      if let key { request.headers.add(name: "Authorization", value: key.authorization) }
      request.body = .bytes(ByteBuffer(bytes: body))
      do {
        // How long it may take is the caller's business, who cancels this task.
        let response = try await client.execute(request, deadline: .distantFuture)
        let isAnswer = response.status == .ok
        var reply = ServiceReply(
          status: Int(response.status.code), retryAfter: HTTPTransport.retryAfter(response.headers),
          body: [])
        let limit = isAnswer ? limit : min(limit, EmbeddingService.longestMessage)
        for try await chunk in response.body {
          let bytes = chunk.readableBytesView
          reply.isCut = bytes.count > limit - reply.body.count
          reply.body.append(contentsOf: bytes.prefix(limit - reply.body.count))
          if reply.isCut { break }
        }
        return reply
      } catch {
        if Task.isCancelled || error is CancellationError { throw CancellationError() }
        throw TransportFailure(reason: "\(error)")
      }
    }

    private static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
      RetryAfter.duration(
        milliseconds: headers.first(name: "retry-after-ms"),
        header: headers.first(name: "Retry-After"), now: Int64(time(nil)))
    }
  }
#endif
