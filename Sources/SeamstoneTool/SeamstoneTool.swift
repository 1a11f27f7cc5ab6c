@main enum SeamstoneTool { static func main() {} }
